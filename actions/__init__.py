"""Custom actions: one file a stage; what they do is decided in `journey/`."""
