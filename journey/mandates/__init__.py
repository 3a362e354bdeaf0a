"""Mandates: what may be done unasked, and each time that it is."""
