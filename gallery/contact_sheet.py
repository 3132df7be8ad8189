"""Contact sheets: many pictures small on one sheet, each with its number and its words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, ImageOps

from gallery import files, provenance
from gallery.models import Asset

#: Pictures on one sheet at most: five pages, which are some 40 MB while they are drawn.
MAX_PICTURES = 100
#: A4 at 150 pixels to the inch, and what stands on it.
WIDTH, HEIGHT, DPI = 1240, 1754, 150
COLUMNS, ROWS = 4, 5
PER_PAGE = COLUMNS * ROWS
MARGIN, GAP, HEAD, CAPTION = 60, 24, 70, 62
PAPER, INK, SOFT, TRAY = (255, 255, 255), (25, 25, 25), (95, 95, 95), (240, 240, 240)
_CELL = (
    (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS,
    (HEIGHT - 2 * MARGIN - HEAD - (ROWS - 1) * GAP) // ROWS,
)
#: Those that know many scripts, where one is installed; Pillow's own knows Latin alone.
_FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf")

Format = Literal["pdf", "png"]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(assets: Sequence[Asset], title: str, output_format: Format) -> bytes:
    """The sheet of the first `MAX_PICTURES`, which come with their variants.

    A PDF has a page for each twenty; in a PNG they stand one below the other.
    """
    shown = assets[:MAX_PICTURES]
    starts = range(0, max(len(shown), 1), PER_PAGE)
    pages = [_page(shown[start : start + PER_PAGE], start, title) for start in starts]
    buffer = io.BytesIO()
    if output_format == "pdf":
        # Pillow writes no XMP into a PDF; its keywords are where the mark can stand.
        mark = provenance.NEWSCODES + provenance.DigitalSourceType.COLLAGE
        words = {"resolution": DPI, "title": title, "keywords": mark}
        pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], **words)
    else:
        options = {"dpi": (DPI, DPI), "compress_level": 6, **provenance.sheet_extras()}
        _long(pages, len(shown)).save(buffer, "PNG", **options)
    return buffer.getvalue()


def _long(pages: Sequence[Image.Image], count: int) -> Image.Image:
    """All pages one below the other; the last ends where its pictures do."""
    rows = -(-(count - (len(pages) - 1) * PER_PAGE) // COLUMNS)
    rest = HEIGHT - (ROWS - max(rows, 1)) * (_CELL[1] + GAP)
    long = Image.new("RGB", (WIDTH, HEIGHT * (len(pages) - 1) + rest), PAPER)
    for number, page in enumerate(pages):
        long.paste(page, (0, number * HEIGHT))
    return long


def _page(assets: Sequence[Asset], start: int, title: str) -> Image.Image:
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(page)
    font = _font(30)
    draw.text((MARGIN, MARGIN - 6), _fitted(draw, title, font, WIDTH - 2 * MARGIN), INK, font)
    for number, asset in enumerate(assets):
        row, column = divmod(number, COLUMNS)
        corner = (
            MARGIN + column * (_CELL[0] + GAP),
            MARGIN + HEAD + row * (_CELL[1] + GAP),
        )
        _cell(page, draw, corner, asset, start + number + 1)
    return page


def _cell(
    page: Image.Image, draw: ImageDraw.ImageDraw, corner: tuple[int, int], asset: Asset, number: int
) -> None:
    width, height = _CELL[0], _CELL[1] - CAPTION
    left, top = corner
    draw.rectangle((left, top, left + width - 1, top + height - 1), TRAY)
    picture = _small(asset)
    if picture:
        fitted = ImageOps.contain(picture, (width, height))
        place = (left + (width - fitted.width) // 2, top + (height - fitted.height) // 2)
        page.paste(fitted, place)
    font = _font(17)
    words = _fitted(draw, f"{number}  {asset.title}", font, width)
    draw.text((left, top + height + 8), words, INK, font)
    facts = f"{asset.width} × {asset.height} · {asset.created_at:%Y-%m-%d}"
    draw.text((left, top + height + 32), facts, SOFT, _font(15))


def _small(asset: Asset) -> Image.Image | None:
    """The smallest copy that is sharp enough, or None when its bytes are gone."""
    keys = [each.file for each in asset.variants.all() if each.width >= _CELL[0]]
    keys += [each.file for each in reversed(asset.variants.all())] + [asset.file]
    for key in keys:
        try:
            with files.open_file(key) as file, Image.open(file) as image:
                return image.convert("RGB")
        except (OSError, ValueError):
            continue
    return None


def _fitted(draw: ImageDraw.ImageDraw, text: str, font: Font, width: int) -> str:
    """As much of the first line as fits."""
    line = " ".join(text.split())[:200]
    if draw.textlength(line, font) <= width:
        return line
    while line and draw.textlength(line + "…", font) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _font(size: int) -> Font:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
