"""What support agents do with conversations; the page itself is in web/desk."""
