"""Can a colour be read on the site's paper? Contrast is that of WCAG 2.2."""

from collections.abc import Iterable
from typing import NamedTuple

READABLE = 4.5  # to 1, for text: WCAG 2.2, 1.4.3
LINEAR = 0.04045  # below it, sRGB is a straight line (IEC 61966-2-1)
# As cms/static/cms/site.css has them; a test compares.
PAPER, RAISED = "#fcfbf8", "#f1efe9"
PAPER_DARK, RAISED_DARK = "#10171b", "#192329"
ACCENT, ACCENT_DARK = "#0f5560", "#8dd0d8"
WHITE, BLACK = "#ffffff", "#0b1417"


class Shades(NamedTuple):
    """What an accent colour stands on, by day or by night."""

    paper: str
    raised: str


DAY, NIGHT = Shades(PAPER, RAISED), Shades(PAPER_DARK, RAISED_DARK)


def luminance(colour: str) -> float:
    """Of "#rrggbb", from 0 for black to 1 for white."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 for the same colour to 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def least(colour: str, papers: Iterable[str]) -> float:
    """The contrast where it is read worst, rounded down to a hundredth: 4.499 is not enough."""
    return int(min(contrast(colour, paper) for paper in papers) * 100) / 100


def on(colour: str) -> str:
    """White or black, whichever is read better on it; one of them always is."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, colour))
