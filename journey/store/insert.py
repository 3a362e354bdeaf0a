"""Inserts that can meet a row that is there already, by dialect."""

from sqlalchemy.dialects import postgresql, sqlite

INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
