"""Promises: made, watched, told before they break, counted."""
