"""What the coach learns from repeated interactions, for one customer and over all."""
