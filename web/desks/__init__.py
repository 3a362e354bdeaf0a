"""The company's own desk: Chatwoot."""
