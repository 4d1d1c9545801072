"""Machinery that knows languages: German words, the glossary, the encoder. No database."""
