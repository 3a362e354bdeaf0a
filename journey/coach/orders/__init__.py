"""What the coach does about orders."""
