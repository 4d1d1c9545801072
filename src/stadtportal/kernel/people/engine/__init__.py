"""Machinery of people that knows no database."""
