"""The desk: where support agents answer customers."""
