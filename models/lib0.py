"""lib0, the encoding below Yjs: numbers in 7-bit groups, and byte strings with their length in front.

Law: whatever the bytes are, reading ends, takes no more memory than they have, and raises Malformed where they are
wrong.
"""

MAX_NUMBER = 2**53 - 1
"""The largest number that JavaScript writes."""


class Malformed(Exception):
    """The bytes are not what they should be."""


class Lib0Reader:
    """Reads one message from its begin to its end."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.end = len(data)

    def byte(self) -> int:
        at = self.at
        if at >= self.end:
            raise Malformed("it ends too early")
        self.at = at + 1
        return self.data[at]

    def number(self) -> int:
        """An unsigned number of at most 53 bits."""
        data, at, end = self.data, self.at, self.end
        value = shift = 0
        while at < end:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value > MAX_NUMBER:
                    break
                self.at = at
                return value
            shift += 7
            if shift > 49:  # eight bytes hold 56 bits
                break
        else:
            raise Malformed("it ends too early")
        raise Malformed("a number is too large")

    def skip_signed(self) -> None:
        """A signed number: any of at most ten bytes."""
        for _ in range(10):
            if self.byte() < 0x80:
                return
        raise Malformed("a number is too large")

    def skip(self, size: int) -> None:
        self.at += size
        if self.at > self.end:
            raise Malformed("it ends too early")

    def bytes(self) -> bytes:
        size = self.number()
        begin = self.at
        self.skip(size)
        return self.data[begin : begin + size]

    def text(self) -> str:
        """Checked here, since what is below believes it."""
        try:
            return self.bytes().decode()
        except UnicodeDecodeError:
            raise Malformed("a text is not UTF-8") from None

    def finish(self) -> None:
        """Raises Malformed if something is left."""
        if self.at != self.end:
            raise Malformed("something follows its end")


def number(value: int) -> bytes:
    """An unsigned number."""
    if value < 0x80:
        return bytes((value,))
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def sized(data: bytes) -> bytes:
    """A byte string with its length in front."""
    return number(len(data)) + data
