"""A customer's own page: what we may do for them, seen and changed unsaid."""
