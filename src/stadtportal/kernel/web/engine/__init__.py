"""Machinery of the shared pages that keeps nothing: error pages, access, icons, form fields."""
