"""Writes that join several kernel packages in one transaction."""
