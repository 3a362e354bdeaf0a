"""The core: what the coach knows, decides and logs; neither Rasa nor the web."""
