"""Doors: who asks, what for, one call, the answer."""
