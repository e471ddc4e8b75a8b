"""Pages with content of others, and a configuration that declares some of it; no database."""

from typing import Any

from consent.catalogue import Published
from consent.enforce import gates

TUBE, CDN, PAY = "https://www.youtube.com", "https://pictures.cdn.example", "https://pay.example"
STRANGER = "https://stranger.example"
KEY = "a" * 64


def service(key: str, bit: int, **fields: Any) -> dict[str, Any]:
    usual = {"vendor": {"name": f"{key.title()} Works"}, "script_url": "", "embeds": [], "consent_mode": []}
    return {"key": key, "name": key.title(), "bit": bit, "origins": {}, "texts": {"en": {}}} | usual | fields


def published(**words: str) -> Published:
    """A required service, and two that may be refused in groups of their own."""
    everywhere = {kind: ["https://*.cdn.example"] for kind in ("script", "img", "style", "frame")}
    media = service("tube", 3, embeds=["www.youtube.com", "player.vimeo.com"])
    groups = [
        {"key": "essential", "required": True, "services": [service("pay", 9, origins={"script": [PAY]})]},
        {"key": "media", "required": False, "bit": 1, "services": [media]},
        {"key": "pictures", "required": False, "bit": 4, "services": [service("cdn", 6, origins=everywhere)]},
    ]
    banner = {"layout": "bar", "words": {"en": words}}
    content = {"host": "testserver", "languages": ["en"], "series": "abcdef", "banner": banner, "groups": groups}
    return Published(1, 1, KEY, 1, content)


def frame(row: dict[str, Any], src: str) -> str:
    return f"/consent/embed/{row['key']}/?src={src}"


def gate(html: str, configuration: Published | None = None) -> str:
    return gates.gate(html, configuration or published(), "en", frame=frame)
