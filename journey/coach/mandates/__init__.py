"""What the coach does about mandates and what is due again."""
