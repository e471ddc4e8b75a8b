"""In which files does a picture stand on a page? In the widths that screens need, in AVIF and in WebP."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.shortcuts import get_renditions_or_not_found
from wagtail.models import Page

WIDTHS = (480, 960, 1600)  # pixels; a small one in a list never needs the last
CARD = "3x2"
LEADS = {"homepage": "4x3", "articlepage": "16x9"}  # shapes, by the kind of page whose first picture it is
_DRAWING = 0x44726177  # "Draw": among the advisory locks of this database
Files = dict[str, AbstractRendition]


def files(image: AbstractImage, *, shape: str = "", lead: bool = False) -> Files:
    """By filter. `shape` cuts it, to "3x2" and the like. What was never asked for is drawn, which takes a second; who
    asks meanwhile waits, for of two that draw the same file one would leave it behind with no row that names it."""
    sizes = [_filter(width, shape) for width in (WIDTHS if lead or not shape else WIDTHS[:2])]
    wanted = [Filter(spec=f"{size}|format-{kind}") for kind in ("avif", "webp") for size in sizes]
    known = _remembered(image, wanted)
    if len(known) < len(wanted):
        with _alone(image):
            known = get_renditions_or_not_found(image, wanted)
    return known


def _remembered(image: AbstractImage, wanted: list[Filter]) -> Files:
    """What Wagtail keeps in the cache, which it would write anew at each reading."""
    model = image.get_rendition_model()
    keys = [model.construct_cache_key(image, size.get_cache_key(image), size.spec) for size in wanted]
    known: Files = {one.filter_spec: one for one in model.cache_backend.get_many(keys).values()}
    for rendition in known.values():
        rendition.image = image  # whose words may be this page's own
    return known


@contextmanager
def _alone(image: AbstractImage) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_DRAWING, image.pk))
        yield


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
