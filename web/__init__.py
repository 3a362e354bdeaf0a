"""The only door to the outside: chat, page and the path of every message."""
