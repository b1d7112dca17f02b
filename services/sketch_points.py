"""The points of ink and lines, packed: numbers in groups of 7 bits, the lowest first, the last below 128 (LEB128).

First how hard it was pressed: 1 to 256 is one more than the pressure of every point, 0 says that each has its own. Then
each point: dx and dy to the one before, in eighths of a pixel, the first from 0, 0; and where each has its own, what
its pressure is more than the one before, the first more than 0. Steps are signed: 0, -1, 1, -2, 2 … are written as 0,
1, 2, 3, 4 …
"""

from collections.abc import Iterator, Sequence
from typing import Any

from models.errors import Invalid
from models.lib0 import number

MAX_POINTS = 10_000
UNITS = 8
"""Of a pixel."""

FARTHEST_STEP = 32_767
NO_PRESSURE = 128
"""Of 255: what devices tell that know none."""

_OWN = 0
_LAST, _MORE = b"\x00", b"\x80"
_MARKS = _LAST * 128 + _MORE * 128
"""Which of a number's bytes a byte is."""

_LONGEST = 3
"""Bytes of a number: steps of up to 131,072 pixels."""


def packed(points: Sequence[Any], field: str) -> bytes:
    """Points as `[x, y]` or `[x, y, pressure]`, in pixels from the element's place, packed. Raises Invalid."""
    try:
        paths = [(round(float(p[0]) * UNITS), round(float(p[1]) * UNITS), _pressure(p)) for p in points]
    except (TypeError, ValueError, OverflowError, IndexError, KeyError):
        raise _not_points(field) from None
    pressures = {pressure for _, _, pressure in paths}
    is_even = len(pressures) == 1
    data = bytearray(number(pressures.pop() + 1 if is_even else _OWN) if paths else b"")
    at = (0, 0, 0)
    for x, y, pressure in paths:
        if max(abs(x - at[0]), abs(y - at[1])) > FARTHEST_STEP:
            raise _not_points(field)
        data += _signed(x - at[0])
        data += _signed(y - at[1])
        if not is_even:
            data += _signed(pressure - at[2])
        at = (x, y, pressure)
    return bytes(data)


def _pressure(point: Sequence[Any]) -> int:
    return min(255, max(0, round(float(point[2]) * 255))) if len(point) > 2 else NO_PRESSURE


def _not_points(field: str) -> Invalid:
    return Invalid("Points are [x, y] or [x, y, pressure], less than 4096 apart.", {field: "Not points"})


def _signed(step: int) -> bytes:
    return number(2 * step if step >= 0 else -2 * step - 1)


def unpacked(data: bytes) -> list[tuple[float, float, float]]:
    """The points again: x, y and pressure from 0 to 1."""
    numbers = _numbers(data)
    shared = next(numbers, _OWN)
    steps = [n >> 1 if n % 2 == 0 else -(n >> 1) - 1 for n in numbers]
    each = 3 if shared == _OWN else 2
    points: list[tuple[float, float, float]] = []
    x, y, pressure = 0, 0, shared - 1 if shared else 0
    for at in range(0, len(steps) - each + 1, each):
        x += steps[at]
        y += steps[at + 1]
        if shared == _OWN:
            pressure += steps[at + 2]
        points.append((x / UNITS, y / UNITS, min(255, max(0, pressure)) / 255))
    return points


def _numbers(data: bytes | bytearray) -> Iterator[int]:
    """Those that are whole."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            yield value
            value = shift = 0
        else:
            shift += 7


def points_fault(data: Any) -> str | None:
    """Why these aren't points; looked at as a whole, since every stroke passes here."""
    if not isinstance(data, bytes | bytearray):
        return "Expected bytes"
    if not data:
        return None
    shared = next(_numbers(data[:2]), None)
    marks = data.translate(_MARKS)
    if shared is None or shared > 256 or marks.endswith(_MORE) or _MORE * _LONGEST in marks:
        return f"Expected numbers of at most {_LONGEST} bytes"
    numbers = marks.count(_LAST) - 1
    each = 3 if shared == _OWN else 2
    if numbers % each:
        return f"Expected {each} numbers a point"
    return None if numbers <= MAX_POINTS * each else f"Expected at most {MAX_POINTS} points"
