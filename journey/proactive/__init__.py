"""Messages that we begin: planned, allowed by the customer's rules, sent once."""
