"""Forms about accounts. ``names`` stands apart because the account engine imports it while it builds its own forms."""
