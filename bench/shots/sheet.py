"""The sheet on which all pictures are looked at side by side."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from bench.shots.judge import Shot

STYLE = """
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif }
section div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
figure { margin: 0; inline-size: 20rem }
img { inline-size: 100%; block-size: 24rem; object-fit: cover; object-position: top; border: 1px solid }
figure.wrong img { outline: 3px solid red }
figcaption li { color: red; overflow-wrap: anywhere }
"""


def write(folder: Path, shots: Sequence[Shot]) -> Path:
    """Returns the file. Pictures of a page stand in a row, with what is wrong below each."""
    ordered = sorted(shots, key=lambda shot: shot.name)
    rows = "".join(_row(name, list(found)) for name, found in groupby(ordered, key=lambda shot: shot.name))
    bad = sum(bool(shot.wrong) for shot in shots)
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Shots</title><style>{STYLE}</style>'
        f"<h1>{len(shots)} pictures, {bad} with something wrong</h1>{rows}</html>"
    )
    file = folder / "index.html"
    file.write_text(text, encoding="utf-8")
    return file


def _row(name: str, shots: list[Shot]) -> str:
    figures = "".join(map(_figure, shots))
    return f'<section><h2 id="{escape(name)}">{escape(name)}</h2><div>{figures}</div></section>'


def _figure(shot: Shot) -> str:
    wrong = "".join(f"<li>{escape(line)}</li>" for line in shot.wrong)
    kind = ' class="wrong"' if wrong else ""
    picture = f'<a href="{shot.file.name}"><img src="{shot.file.name}" alt="" loading="lazy"></a>'
    caption = f"{escape(str(shot.mode))} <code>{escape(shot.url)}</code><ul>{wrong}</ul>"
    return f"<figure{kind}>{picture}<figcaption>{caption}</figcaption></figure>"
