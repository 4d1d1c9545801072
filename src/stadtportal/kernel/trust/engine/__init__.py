"""Pure machinery of trust: the tree of the log, sealed fields, the journal of erasures, the archive of an export."""
