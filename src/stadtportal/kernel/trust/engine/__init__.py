"""Pure machinery of trust."""
