"""The text of every statement and migration, as files beside this one; read through importlib.resources."""
