"""How templates show pictures: sizes, shapes and addresses."""

from __future__ import annotations

from bisect import bisect_left

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from gallery import alt_text, files
from gallery.models import Asset

register = template.Library()

#: Width / height x 100, 5.3 % apart from 9:21 to 21:9, so a picture is cropped by 2.7 % at
#: most; app.css has a class for each, because inline styles are not allowed.
RATIOS = (
    42, 44, 46, 49, 51, 54, 57, 60, 63, 66, 70, 73, 77, 81, 86, 90, 95, 100, 105, 111, 117,
    123, 129, 136, 143, 151, 159, 167, 176, 186, 195, 206, 217, 228, 240,
)  # fmt: skip


@register.filter
def ratio_class(asset: Asset) -> str:
    """The class of the shape nearest to the picture's: "r100" is a square."""
    ratio = 100 * asset.width / asset.height
    place = bisect_left(RATIOS, ratio)
    nearest = min(RATIOS[max(0, place - 1) : place + 1], key=lambda known: abs(known - ratio))
    return f"r{nearest}"


@register.filter
def srcset(asset: Asset) -> str:
    """Every WebP copy with its width, for `<img srcset>`."""
    folder = _folder(asset)
    return ", ".join(
        f"{folder}{files.variant_name(variant.width)} {variant.width}w"
        for variant in asset.variants.all()
    )


@register.filter
def alt(asset: Asset) -> str:
    """What stands for it where it cannot be seen."""
    return alt_text.of_asset(asset) or _("A picture")


@register.simple_tag
def variant_url(asset: Asset, width: int) -> str:
    """The smallest copy at least `width` wide, or the widest there is."""
    widths = [variant.width for variant in asset.variants.all()]
    if not widths:
        return _folder(asset) + files.ORIGINAL
    fitting = next((each for each in widths if each >= width), widths[-1])
    return _folder(asset) + files.variant_name(fitting)


def _folder(asset: Asset) -> str:
    """What the addresses of all its files begin with."""
    return reverse("asset_file", args=[asset.pk, files.ORIGINAL]).removesuffix(files.ORIGINAL)
