"""What we are measured beside: other servers, each run as its users would run it. Loaded by bench.fanout alone."""
