"""Tables of the journey and how to reach them."""
