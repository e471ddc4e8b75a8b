"""What does the demo's harbour look like? A few pictures and a logo, drawn in flat shapes."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (1600, 1200)
TWICE = 2  # drawn so much larger and made smaller again: soft edges
SKY, HAZE, SEA, DEEP, QUAY = "#f2dfc1", "#f8efdf", "#2d7480", "#1d5863", "#33454d"
SUN, STEEL, INK = "#e08e45", "#0f5560", "#16232a"
LOADS = ("#c4553a", "#e0a24a", "#2d7480", "#ece3d0", "#7c8f52", "#16434d")


class Sheet:
    """Draws in pixels of the finished picture."""

    def __init__(self, background: str) -> None:
        width, height = SIZE
        self.image = Image.new("RGB", (width * TWICE, height * TWICE), background)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        corners = [value * TWICE for value in (x, y, x + width, y + height)]
        self._draw.rectangle([*corners[:2], corners[2] - 1, corners[3] - 1], fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self._draw.polygon([(x * TWICE, y * TWICE) for x, y in points], fill=colour)

    def line(self, points: list[tuple[float, float]], colour: str, width: int = 8) -> None:
        self._draw.line([(x * TWICE, y * TWICE) for x, y in points], fill=colour, width=width * TWICE, joint="curve")

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        edges = [(x - radius) * TWICE, (y - radius) * TWICE, (x + radius) * TWICE, (y + radius) * TWICE]
        self._draw.ellipse(edges, fill=colour)

    def jpeg(self) -> bytes:
        small = self.image.resize(SIZE, Image.Resampling.LANCZOS)
        small.save(written := BytesIO(), "JPEG", quality=86, progressive=True)
        return written.getvalue()


def _water(sheet: Sheet, top: float) -> None:
    sheet.box(0, top, SIZE[0], SIZE[1] - top, SEA)
    for number in range(9):
        y = top + 24 + number * number * 7
        for part in range(6):
            x = (part * 331 + number * 173) % 1700 - 100
            sheet.box(x, y, 70 + number * 22, 4 + number, DEEP)


def _darker(colour: str) -> str:
    return "#" + "".join(f"{int(colour[start : start + 2], 16) * 7 // 10:02x}" for start in (1, 3, 5))


def _load(sheet: Sheet, x: float, y: float, width: float, number: int) -> None:
    """A container, seen from its side."""
    height, colour = width * 0.42, LOADS[number % len(LOADS)]
    sheet.box(x, y, width, height, colour)
    for rib in range(1, 8):
        sheet.box(x + rib * width / 8, y + height * 0.12, width / 60, height * 0.76, _darker(colour))


def _crane(sheet: Sheet, x: float, foot: float, high: float, colour: str = STEEL) -> None:
    leg = high * 0.3
    sheet.line([(x, foot), (x + leg * 0.15, foot - high)], colour, 14)
    sheet.line([(x + leg, foot), (x + leg * 0.85, foot - high)], colour, 14)
    sheet.line([(x, foot - high * 0.45), (x + leg, foot - high * 0.45)], colour, 10)
    sheet.line([(x - leg * 2.1, foot - high), (x + leg * 1.9, foot - high)], colour, 18)
    sheet.line([(x - leg * 2, foot - high), (x + leg / 2, foot - high * 1.22), (x + leg * 1.8, foot - high)], colour, 5)
    sheet.line([(x + leg / 2, foot - high), (x + leg / 2, foot - high * 1.22)], colour, 10)
    sheet.line([(x - leg * 1.3, foot - high), (x - leg * 1.3, foot - high * 0.62)], colour, 4)
    _load(sheet, x - leg * 1.3 - 55, foot - high * 0.62, 110, 0)


def harbour() -> bytes:
    sheet = Sheet(SKY)
    sheet.box(0, 430, 1600, 330, HAZE)
    sheet.disc(1180, 520, 150, SUN)
    sheet.shape(
        [(0, 740), (0, 640), (240, 570), (520, 660), (820, 600), (1100, 690), (1600, 640), (1600, 740)], "#9db8b4"
    )
    _water(sheet, 735)
    _crane(sheet, 265, 790, 400)
    _crane(sheet, 700, 790, 440)
    sheet.box(0, 780, 980, 46, QUAY)
    for row in range(3):
        for place in range(6 - row):
            _load(sheet, 900 + place * 112 + row * 20, 742 - row * 48, 108, place + row * 2)
    sheet.box(1500, 560, 66, 240, "#ece3d0")
    sheet.shape([(840, 790), (1600, 790), (1600, 960), (930, 960)], INK)
    sheet.shape([(878, 880), (1600, 880), (1600, 960), (930, 960)], LOADS[0])
    return sheet.jpeg()


def yard() -> bytes:
    sheet = Sheet(HAZE)
    sheet.disc(300, 300, 120, SUN)
    sheet.box(0, 900, 1600, 300, "#c9c1af")
    heights = (3, 5, 4, 2, 5)
    for column, high in enumerate(heights):
        for level in range(high):
            _load(sheet, 40 + column * 310, 800 - level * 126, 298, column * 5 + level * 7 + 1)
    sheet.box(0, 926, 1600, 12, QUAY)
    return sheet.jpeg()


def road() -> bytes:
    sheet = Sheet(SKY)
    sheet.disc(1280, 330, 130, SUN)
    sheet.shape([(0, 820), (0, 560), (380, 470), (760, 600), (1180, 500), (1600, 590), (1600, 820)], "#9db8b4")
    sheet.box(0, 800, 1600, 400, "#7c8f52")
    sheet.box(0, 900, 1600, 170, QUAY)
    for dash in range(8):
        sheet.box(40 + dash * 210, 980, 110, 10, HAZE)
    _load(sheet, 380, 560, 700, 2)
    sheet.box(360, 852, 900, 34, INK)
    sheet.shape([(1100, 852), (1100, 640), (1230, 640), (1290, 740), (1330, 760), (1330, 886), (1100, 886)], LOADS[0])
    sheet.shape([(1130, 745), (1130, 668), (1216, 668), (1258, 745)], HAZE)
    for wheel in (470, 580, 930, 1240):
        sheet.disc(wheel, 900, 52, INK)
        sheet.disc(wheel, 900, 20, "#c9c1af")
    return sheet.jpeg()


def logo() -> bytes:
    """A plate of its own, so that it is read on light and on dark paper."""
    image = Image.new("RGBA", (1040, 224), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([0, 0, 223, 223], radius=44, fill=STEEL)
    draw.line([(62, 180), (78, 62), (150, 62), (166, 180)], fill="#ffffff", width=14, joint="curve")
    draw.line([(28, 62), (196, 62)], fill="#ffffff", width=14)
    draw.rectangle([92, 104, 136, 150], fill=SUN)
    font = ImageFont.load_default(size=96)
    draw.text((264, 112), "Harbour Lane", font=font, fill="#3f8791", anchor="lm", stroke_width=2)
    image.save(written := BytesIO(), "PNG", optimize=True)
    return written.getvalue()


PICTURES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "harbour": ("A container ship at the quay, two cranes, and the sun above the hills", harbour),
    "yard": ("Containers of many colours, stacked up to five high", yard),
    "road": ("A lorry with one container on the road to the port", road),
}
