"""Which page carries every consent manager in turn? An article with four scripts and a frame to hold back."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

TURNS = 500_000  # of each script's loop: about 10 ms here, four times that on a slowed processor
LARGEST = 63_500  # bytes of the picture, at most
FUNCTIONS = {"external1": 330, "external2": 430, "external3": 540}  # that fill a script: together 31 kB when compressed
WORDS = ["harbour", "tide", "lantern", "rope", "keel", "gull", "market", "barrel", "winter", "ledger", "sailor"]
WORDS += ["canvas", "quay", "anchor", "copper", "fog", "bell", "pilot", "cargo", "mast", "lamp", "plank", "oar", "net"]


NAME, PORT = "harbour.localhost", "%PORT%"  # browsers find every name below localhost on this machine


def origin(service: str) -> str:
    """Where a service's files come from: another origin of the same site, so that its frame is slowed like the page."""
    return f"http://{service}.{NAME}:{PORT}"


@dataclass(frozen=True)
class Gated:
    """One thing the page loads only after consent: its group, its service, and its file, unless inline."""

    name: str
    group: str
    service: str
    path: str = ""

    @property
    def is_frame(self) -> bool:
        return self.name == "frame"

    @property
    def address(self) -> str:
        return f"{origin(self.service)}{self.path}" if self.path else ""


INLINE = Gated("inline", "analytics", "visit-count")
EXTERNAL = [
    Gated("external1", "analytics", "visit-count", "/host/external1.js"),
    Gated("external2", "marketing", "adverts", "/host/external2.js"),
    Gated("external3", "marketing", "chat", "/host/external3.js"),
]
FRAME = Gated("frame", "media", "films", "/host/frame.html")
GATED = [INLINE, *EXTERNAL, FRAME]
SERVICES = {
    "visit-count": ("analytics", "Visit count", "Counts how often each page is read and where its readers come from."),
    "adverts": ("marketing", "Adverts", "Shows adverts elsewhere to people who were here, and measures them."),
    "chat": ("marketing", "Chat", "Lets you talk to our staff, and remembers what was said last time."),
    "films": ("media", "Films", "Plays our films inside the page."),
}
GROUPS = {
    "analytics": ("Statistics", "Tell us which pages are read, so that we can write better ones."),
    "marketing": ("Marketing", "Follow what interests you, here and on other sites."),
    "media": ("Films and maps", "Load films and maps from other companies into our pages."),
}
NEEDED = ("Needed", "Without these nothing works.")
TITLE = "Cookies on this site"
TEXT = (
    "We would like to count visits, show adverts elsewhere and play films inside our pages. Other companies do that "
    "for us, and they learn that you are here. Nothing of it happens unless you say so, and you may change your mind."
)
ACCEPT, REFUSE, CHOOSE = "Accept all", "Refuse all", "Choose"

FRAME_SIZE = 'width="320" height="180" title="A film about the harbour"'
LOOP = f"for (let turn = 0, x = 1; turn < {TURNS}; turn++) x = (x * 16807) % 2147483647;"
INLINE_CODE = f'{LOOP} performance.mark("gate-inline");'


def plain(gated: Gated) -> str:
    """As it stands in a page that asks nobody."""
    if gated.is_frame:
        return f'<iframe src="{gated.address}" {FRAME_SIZE}></iframe>'
    if gated.address:
        return f'<script async src="{gated.address}"></script>'
    return f"<script>{INLINE_CODE}</script>"


def page(
    gate: Callable[[Gated], str],
    *,
    attributes: str = "",
    before_styles: str = "",
    head: str = "",
    start: str = "",
    end: str = "",
) -> str:
    """The article; `gate` writes each gated thing, the rest is what a consent manager adds to the page."""
    chance = random.Random(7)
    prose = [" ".join(chance.choices(WORDS, k=length)).capitalize() + "." for length in (70, 60, 90, 80)]
    scripts = "\n".join(gate(gated) for gated in (INLINE, *EXTERNAL))
    return f"""<!doctype html>
<html lang="en" {attributes}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{before_styles}
<title>An article about a harbour</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/host/site.css">
{head}
</head>
<body>
{start}
<header><a href="/">The harbour</a> <nav aria-label="Main"><a href="/news/">News</a> <a href="/visit/">Visit</a>
<a href="/about/">About</a> <a href="/contact/">Contact</a></nav></header>
<main id="main" tabindex="-1"><h1>The harbour in winter</h1>
<p class="lead">{prose[0]}</p>
<img src="/host/picture.jpg" width="380" height="285" alt="The harbour">
<p>{prose[1]}</p>
{gate(FRAME)}
<p>{prose[2]}</p>
<p>{prose[3]}</p></main>
<footer><a href="/privacy/">Privacy policy</a></footer>
{scripts}
{end}
</body>
</html>
"""


def files() -> dict[str, tuple[str, bytes]]:
    """Kind and bytes of everything the page loads, by address."""
    frame = "<!doctype html><title>A film</title><p>A film.</p><script>top.postMessage('gate-frame', '*');</script>"
    css = (
        "body{display:flex;flex-direction:column;min-height:100vh;margin:0;font:1rem/1.5 system-ui,sans-serif;"
        "color:#1b1b1b;background:#fff}header,main,footer{box-sizing:border-box;width:100%;max-width:40rem;"
        "margin-inline:auto;padding:1rem}main:focus{outline:0}.lead{font-size:1.2rem;margin:0 0 1rem}"
        "img,iframe{max-width:100%;height:auto;border:0}nav a{margin-inline-end:.75rem}a{color:#0b4f8a}"
    )
    found = {
        "/host/site.css": ("text/css", css.encode()),
        "/host/picture.jpg": ("image/jpeg", _picture()),
        "/host/frame.html": ("text/html; charset=utf-8", frame.encode()),
    }
    for gated in EXTERNAL:
        found[gated.path] = ("text/javascript", _script(gated.name, FUNCTIONS[gated.name]).encode())
    return found


def _script(name: str, functions: int) -> str:
    """A loop, code that is only parsed, and a mark when it has run."""
    chance = random.Random(name)
    lines = [
        f"function {chance.choice(WORDS)}{number}(a, b) {{ return a * {chance.randrange(10**9)} + "
        f'(b ^ {chance.randrange(10**6)}) + "{chance.choice(WORDS)}{chance.randrange(10**7)}"; }}'
        for number in range(functions)
    ]
    return "\n".join(["(() => {", *lines, LOOP, f'performance.mark("gate-{name}");', "})();"])


def _picture() -> bytes:
    """The best quality that is small enough; noise, so that no two measurements differ in what compresses."""
    chance = random.Random(11)
    small = Image.frombytes("RGB", (95, 71), bytes(chance.randrange(256) for _ in range(95 * 71 * 3)))
    image = small.resize((760, 570), Image.Resampling.BICUBIC)
    for quality in range(95, 5, -1):
        image.save(written := BytesIO(), "JPEG", quality=quality)
        if written.tell() <= LARGEST:
            return written.getvalue()
    raise AssertionError("No quality makes the picture small enough.")
