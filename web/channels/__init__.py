"""Messaging channels: one base, one file for each provider."""
