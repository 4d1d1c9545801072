"""What people fill in on the pages that belong to no single area."""
