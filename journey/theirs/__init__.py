"""The company's own desk instead of ours: told, listened to, and stood in for."""
