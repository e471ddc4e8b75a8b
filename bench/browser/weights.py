"""How many bytes does each manager add to the page, plain and compressed?"""

import base64
import gzip
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

from bench.browser import host
from bench.browser.variants import CSS, SCRIPT, Variant

_BROTLI = """
const { brotliCompressSync } = require("zlib");
const parts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(parts.map((part) => brotliCompressSync(Buffer.from(part, "base64")).length)));
"""
PARTS = {
    "style, in the page": re.compile(rb"<style>.*?</style>", re.DOTALL),
    "script, in the page": re.compile(rb"<script>.*?</script>", re.DOTALL),
    "banner and panel, in the page": re.compile(rb"<candor-consent.*?</candor-consent>", re.DOTALL),
    "attributes of the page": re.compile(rb"<html[^>]*>"),
}


@dataclass(frozen=True)
class Weight:
    """Bytes of one thing."""

    raw: int = 0
    gzip: int = 0
    brotli: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.raw + other.raw, self.gzip + other.gzip, self.brotli + other.brotli)

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(self.raw - other.raw, self.gzip - other.gzip, self.brotli - other.brotli)

    def __str__(self) -> str:
        return f"{self.raw:,} / {self.gzip:,} / {self.brotli:,}"


@dataclass(frozen=True)
class Load:
    """What a manager makes a page load: scripts, style sheets, and what the page itself grows by."""

    scripts: Weight
    styles: Weight
    page: Weight

    @property
    def all(self) -> Weight:
        return self.scripts + self.styles + self.page


class NoNode(Exception):
    """Brotli is measured with Node.js, and it is not here."""


@lru_cache
def of(body: bytes) -> Weight:
    if not body:
        return Weight()
    if shutil.which("node") is None:
        raise NoNode("Brotli is measured with Node.js, which is not here. Install it.")
    sent = json.dumps([base64.b64encode(body).decode()])
    done = subprocess.run(["node", "-e", _BROTLI], input=sent, capture_output=True, text=True, check=True, timeout=60)
    return Weight(len(body), len(gzip.compress(body, 9, mtime=0)), json.loads(done.stdout)[0])


def load(html: bytes, variant: Variant) -> Load:
    """Files are compressed each by itself, as they are sent."""
    return Load(_files(variant, SCRIPT), _files(variant, CSS), of(html) - of(host.page(host.plain).encode()))


def _files(variant: Variant, kind: str) -> Weight:
    return sum((of(body) for found, body in variant.files.values() if found == kind), Weight())


def own_parts(html: bytes, variant: Variant) -> dict[str, Weight]:
    """What our own manager is made of, each part compressed alone, which is more than the page with it grows by."""
    found = {"module, one request": _files(variant, SCRIPT)}
    for name, pattern in PARTS.items():
        match = pattern.search(html)
        assert match, f"The page has no {name}."
        found[name] = of(match[0])
    return found
