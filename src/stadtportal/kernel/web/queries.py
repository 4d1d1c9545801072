"""Tell whether the database answers."""

from django.db import DatabaseError, InterfaceError, connection


def find_database_fault() -> str:
    """Return what keeps the database from answering, or an empty text when it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as fault:
        return type(fault).__name__
    return ""
