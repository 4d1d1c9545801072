"""What search decides without a database: cleaning text, reading place names out of it, shaping questions."""
