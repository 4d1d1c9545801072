"""Search: everything that can be found, in one table of PostgreSQL. Other packages use ``search.api``."""
