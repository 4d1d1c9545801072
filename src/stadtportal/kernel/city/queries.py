"""Reads of the city's data. Everything returned is frozen and free of the database."""

from __future__ import annotations
