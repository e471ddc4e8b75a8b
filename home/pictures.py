"""In which files does a picture stand on a page? In the widths that screens need, in AVIF and in WebP."""

from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.shortcuts import get_renditions_or_not_found
from wagtail.models import Page

WIDTHS = (480, 960, 1600)  # pixels; a small one in a list never needs the last
CARD = "3x2"
LEADS = {"homepage": "4x3", "articlepage": "16x9"}  # shapes, by the kind of page whose first picture it is
Files = dict[str, AbstractRendition]


def files(image: AbstractImage, *, shape: str = "", lead: bool = False) -> Files:
    """By filter. `shape` cuts it, to "3x2" and the like. What was never asked for is drawn, which takes a second."""
    filters = (_filter(width, shape) for width in (WIDTHS if lead or not shape else WIDTHS[:2]))
    sizes = list(filters)
    specs = [f"{size}|format-{kind}" for kind in ("avif", "webp") for size in sizes]
    found: Files = get_renditions_or_not_found(image, [Filter(spec=spec) for spec in specs])
    return found


def _filter(width: int, shape: str) -> str:
    if not shape:
        return f"width-{width}"
    across, down = (int(part) for part in shape.split("x"))
    return f"fill-{width}x{round(width * down / across)}"


def prepare(page_id: int) -> int:
    """Draws what the page and lists show of its picture, so that no visitor waits for it. Returns how many files there
    are."""
    page = Page.objects.filter(pk=page_id).specific().first()
    image = getattr(page, "picture", None)
    if page is None or image is None or image.is_svg():
        return 0
    lead = files(image, shape=LEADS.get(page._meta.model_name, ""), lead=True)
    return len(lead) + len(files(image, shape=CARD))
