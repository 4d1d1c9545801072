"""Machinery of trust that knows no models: the journal of erasures, and the archive of an export."""
