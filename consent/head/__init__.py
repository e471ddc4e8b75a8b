"""What stands in the head of every page, the same for everybody: a script and a style that a header allows by hash.

Comments and indentation are for people and stay here.
"""

import base64
import hashlib
import re
from pathlib import Path

_HERE = Path(__file__).parent


def _script(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _style(text: str) -> str:
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", " ".join(plain.split())).replace(";}", "}")


def _hash(text: str) -> str:
    """As a Content-Security-Policy names it (CSP Level 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


SCRIPT = _script((_HERE / "head.js").read_text(encoding="utf-8"))
STYLE = _style((_HERE / "style.css").read_text(encoding="utf-8"))
SCRIPT_HASH, STYLE_HASH = _hash(SCRIPT), _hash(STYLE)
