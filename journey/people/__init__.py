"""Customers: who they are, what they told and agreed to, and their rights."""
