"""Rows: what Chalkline keeps in PostgreSQL. Each public method is atomic, and each statement's text is constant."""
