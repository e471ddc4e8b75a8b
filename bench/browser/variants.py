"""Which versions of the page are measured, and how does one press "Accept" in each?"""

from dataclasses import dataclass, field

from bench.browser import host
from bench.browser.server import FETCHED, Answer, Server

HTML, SCRIPT, CSS = "text/html; charset=utf-8", "text/javascript", "text/css"
File = tuple[str, bytes]  # kind and bytes


@dataclass(frozen=True)
class Variant:
    """A page, the selectors of its banner and its button, and the files it needs beside the host's own."""

    name: str
    html: bytes | None = None  # None: the application writes it
    version: str = ""
    banner: str | None = None
    accept: str = ""
    ungated: bool = False
    one_for_all: bool = False  # its page needs no application once it is written
    files: dict[str, File] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/{self.name}/"

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}".strip()

    @property
    def gates(self) -> bool:
        """Does any of what the host page gates ever run?"""
        return self.ungated or bool(self.accept)

    def answers(self, server: Server) -> dict[str, Answer]:
        files = {path: Answer(kind, server.placed(body)) for path, (kind, body) in self.files.items()}
        page = {} if self.html is None else {self.path: Answer(HTML, server.placed(self.html), FETCHED)}
        return files | page


def controls() -> list[Variant]:
    return [
        Variant("control-off", host.page(lambda gated: "").encode()),
        Variant("control-on", host.page(host.plain).encode(), ungated=True),
    ]
