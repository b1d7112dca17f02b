"""Rules: what may happen and in which order. They name what they need in ports.py and know no web, SQL or Redis."""
