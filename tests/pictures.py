"""PNGs as a renderer of ours writes them (8 bits a channel, RGBA, not interlaced), and how much two of them differ."""

import struct
import zlib
from typing import NamedTuple

TILE = 12


class Picture(NamedTuple):
    """`pixels` has four bytes each, row by row."""

    width: int
    height: int
    pixels: bytes


def read(png: bytes) -> Picture:
    """Every row is undone by its own filter, as the format's specification says."""
    width, height, depth, color, _, _, interlaced = struct.unpack("!IIBBBBB", png[16:29])
    assert (depth, color, interlaced) == (8, 6, 0)
    data, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack("!I4s", png[at : at + 8])
        if kind == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    raw, stride = zlib.decompress(data), width * 4
    rows, above = [], bytes(stride)
    for row in range(height):
        begin = row * (stride + 1)
        above = _undone(raw[begin], raw[begin + 1 : begin + 1 + stride], above)
        rows.append(above)
    return Picture(width, height, b"".join(rows))


def _undone(how: int, line: bytes, above: bytes) -> bytes:
    row = bytearray(line)
    for at in range(len(row)):
        left = row[at - 4] if at >= 4 else 0
        up, corner = above[at], above[at - 4] if at >= 4 else 0
        if how == 1:
            row[at] = (row[at] + left) & 255
        elif how == 2:
            row[at] = (row[at] + up) & 255
        elif how == 3:
            row[at] = (row[at] + (left + up) // 2) & 255
        elif how == 4:
            row[at] = (row[at] + _nearest(left, up, corner)) & 255
    return bytes(row)


def _nearest(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((left, up, corner), key=lambda one: abs(near - one))


def worst_tile(one: Picture, other: Picture) -> float:
    """Of all squares of 12 pixels a side, the one that differs most: by how much of 255 a channel, on average."""
    assert (one.width, one.height) == (other.width, other.height)
    sums: dict[tuple[int, int], int] = {}
    for row in range(one.height):
        begin, end = row * one.width * 4, (row + 1) * one.width * 4
        here, there = one.pixels[begin:end], other.pixels[begin:end]
        if here == there:
            continue
        for column in range(0, one.width, TILE):
            part = slice(column * 4, (column + TILE) * 4)
            off = sum(abs(a - b) for a, b in zip(here[part], there[part], strict=True))
            tile = (row // TILE, column // TILE)
            sums[tile] = sums.get(tile, 0) + off
    return max(sums.values(), default=0) / (TILE * TILE * 3)
