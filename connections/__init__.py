"""Open sockets: who listens to what, and how facts reach them in order. Bytes and topic names, no rules."""
