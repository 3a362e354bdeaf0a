"""The shop behind the coach: one port, and the systems that can stand behind it."""
