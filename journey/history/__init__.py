"""Purchases of the past, as the owner has them in a table."""
