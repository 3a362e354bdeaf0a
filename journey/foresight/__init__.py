"""What a customer will need, when, and why we think so."""
