"""What the coach does with options: offer, explain, change, choose."""
