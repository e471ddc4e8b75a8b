"""Which paragraphs of an imported text are only a name in brackets, and stand for a clause that the site acts on?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Block = dict[str, Any]


def retention(holding: str, number: int, unit: str, text: str = "") -> Block:
    value = {"holding": holding, "number": number, "unit": unit, "then": "delete", "text": text}
    return {"type": "retention", "value": value}


def listing(kind: str, field: str, *items: tuple[str, str]) -> Block:
    """A clause of purposes or of grounds: each item's key, and its legal basis, "" where it has none."""
    values = [
        {"type": "item", "id": f"{kind}-{place}", "value": {field: key, "words": "", "basis": basis}}
        for place, (key, basis) in enumerate(items)
    ]
    return {"type": kind, "value": {"text": "", "items": values}}


def put(body: Iterable[Block], meant: Mapping[str, list[Block]]) -> Iterator[Block]:
    """The text with each such paragraph replaced by the clauses of its name: "[contact]". The first keeps its place,
    its identity and its anchor."""
    for block in body:
        words = str(block["value"].get("text", "")).removeprefix("<p>").removesuffix("</p>")
        if words not in meant:
            yield block
            continue
        for place, typed in enumerate(meant[words]):
            anchor = "" if place else block["value"]["anchor"]
            own = {} if place else {"id": block["id"]}
            yield {"type": typed["type"], "value": typed["value"] | {"anchor": anchor}} | own
