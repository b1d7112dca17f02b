"""What a file is, told by its first bytes and never by its name: a fixed table, and nothing is served as more than it.

Whatever a browser could run (HTML, SVG, scripts) is plain text here. What isn't in the table is bytes.
"""

import re

HEAD_BYTES = 4096
"""Of a file, by which it is told."""

BYTES, TEXT = "application/octet-stream", "text/plain"

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""Those that get a thumbnail, once a decoder has taken them for what they begin like."""

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"RIFF....WAVE", "audio/wav"),
        (rb"RIFF....AVI ", "video/x-msvideo"),
        (rb"....ftyp(avif|avis)", "image/avif"),
        (rb"....ftyp(hei[cfms]|hev[cmx]|mif1|msf1)", "image/heic"),
        (rb"....ftypqt  ", "video/quicktime"),
        (rb"....ftypM4A ", "audio/mp4"),
        (rb"....ftyp", "video/mp4"),
        (rb"\x1a\x45\xdf\xa3.{0,64}webm", "video/webm"),
        (rb"\x1a\x45\xdf\xa3", "video/x-matroska"),
        (rb"OggS", "audio/ogg"),
        (rb"fLaC", "audio/flac"),
        (rb"ID3|\xff[\xfb\xf3\xf2]", "audio/mpeg"),
        (rb"%PDF-", "application/pdf"),
        (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "application/zip"),
        (rb"\x1f\x8b\x08", "application/gzip"),
        (rb"BZh[1-9]", "application/x-bzip2"),
        (rb"\xfd7zXZ\x00", "application/x-xz"),
        (rb"\x28\xb5\x2f\xfd", "application/zstd"),
        (rb"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (rb"Rar!\x1a\x07", "application/vnd.rar"),
    )
)

_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def type_of(head: bytes) -> str:
    """`head` is what the file begins with, HEAD_BYTES of it where it has so many."""
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            return kind
    return TEXT if _is_text(head) else BYTES


def _is_text(head: bytes) -> bool:
    """UTF-8, where the last character may be cut off."""
    if not head or _NO_TEXT.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start >= len(head) - 3
    return True
