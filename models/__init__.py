"""Values: what Chalkline talks about, with no I/O and no rules that need a database."""
