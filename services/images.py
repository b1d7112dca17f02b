"""Images that somebody uploaded, decoded by Pillow: only ever in a process of the workshop.

A thumbnail is drawn anew from the pixels alone: turned as its EXIF data says, and without that or any other metadata.
"""

from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageFile, ImageOps

MAX_PIXELS = 64 * 2**20
"""Of one image: 8,192 by 8,192. Beyond that it is refused before a pixel is decoded."""

THUMBNAIL_PIXELS = 720
"""Of a thumbnail's longer side."""

_ORIENTATION, _ON_THE_SIDE = 0x0112, (5, 6, 7, 8)
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")


class Picture(NamedTuple):
    """An image as it is meant to be seen, and the bytes of its thumbnail."""

    width: int
    height: int
    thumbnail_size: int


def draw_thumbnail(path: str, thumbnail_path: str) -> Picture | str:
    """Reads the image at `path` and writes its thumbnail, as WebP. `too_large`, or `broken` for what is no image."""
    Image.MAX_IMAGE_PIXELS = None  # ours is asked below, before anything is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return "too_large"
            width, height = image.size
            if image.getexif().get(_ORIENTATION, 1) in _ON_THE_SIDE:
                width, height = height, width
            return Picture(width, height, _draw(image, thumbnail_path))
    except Exception:  # noqa: BLE001 - decoders raise whatever they stumble over
        return "broken"


def _draw(image: Image.Image, path: str) -> int:
    """The size of what was written."""
    bounds = (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS)
    image.draft("RGB", bounds)  # a JPEG is decoded no larger than it has to be
    seen = ImageOps.exif_transpose(image)
    seen = seen.convert("RGBA" if seen.has_transparency_data else "RGB")
    seen.thumbnail(bounds)
    seen.info.clear()
    seen.save(path, "WEBP", quality=80)
    return Path(path).stat().st_size
