"""What the connections of one instance have done since it started."""

from dataclasses import dataclass, field

from models.timings import Timings


@dataclass(slots=True)
class Counts:
    """`deliveries / writes` is the coalescing factor: frames that shared a write with others."""

    deliveries: int = 0
    writes: int = 0
    behind: int = 0
    """Times that a connection's buffer filled up."""
    holes: int = 0
    """Times that facts were missing and fetched from the log."""
    log_reads: int = 0
    """Pages of logs that were read, each for all who needed it."""
    resumed: int = 0
    """Subscriptions with `after`."""
    refused: int = 0
    """Subscriptions whose `after` was beyond the head."""
    too_slow: int = 0
    """Sockets closed with 4000."""
    acks: Timings = field(default_factory=Timings)
    """From a post's frame to its acknowledgement."""
