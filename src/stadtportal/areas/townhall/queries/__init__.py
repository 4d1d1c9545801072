"""Reads: what the pages show and what search keeps. What is returned is frozen and free of the database."""
