"""The core of Journey Coach: what the coach knows, decides and logs. It knows neither Rasa nor the web."""
