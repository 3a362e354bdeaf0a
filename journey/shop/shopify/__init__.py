"""Shopify, over its GraphQL Admin API."""
