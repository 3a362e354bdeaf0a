"""What the coach does next."""
