"""How does a list of HTML count its items, and is it the one that numbers the clauses?"""

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_ROMAN = {"m": 1000, "cm": 900, "d": 500, "cd": 400, "c": 100, "xc": 90, "l": 50, "xl": 40, "x": 10, "ix": 9}
_ROMAN |= {"v": 5, "iv": 4, "i": 1}
_LARGEST = 3999  # in Roman numbers; nobody letters that many


def is_plain(tag: Tag) -> bool:
    """1, 2, 3 …: the one way of counting that the editor keeps."""
    if tag.name != "ol" or _style(tag) != "1" or tag.has_attr("reversed"):
        return False
    places = [place for place, item in counted(tag) if item.name == "li"]
    return places == list(range(1, len(places) + 1))


def counted(tag: Tag) -> Iterator[tuple[int, Tag]]:
    """Each item with the number that a browser gives it; a list that stands between items does not count."""
    items = _items(tag)
    backwards = tag.has_attr("reversed")
    place = _number(tag.get("start"), len(items) if backwards else 1)
    for item in items:
        place = _number(item.get("value"), place)
        yield place, item
        if item.name == "li":
            place += -1 if backwards else 1


def labelled(tag: Tag) -> Iterator[tuple[str, Tag]]:
    """Each item with what stands before it: "a.", "iv.", "7."; nothing in a list of bullets."""
    for place, item in counted(tag):
        yield (f"{_label(place, _style(tag))}." if tag.name == "ol" else ""), item


def numbering_list(soup: BeautifulSoup) -> Tag | None:
    """The list at the top that holds more than half of the page's words, if there is one: its items are clauses."""
    words = len(soup.get_text(" ").split())
    at_the_top = (tag for tag in soup.find_all("ol") if not tag.find_parent(["li", "table", "dd"]))
    large = (tag for tag in at_the_top if len(tag.get_text(" ").split()) * 2 > words)
    return next((tag for tag in large if isinstance(tag, Tag) and is_plain(tag)), None)


def _items(tag: Tag) -> list[Tag]:
    return [child for child in tag.children if isinstance(child, Tag)]


def _style(tag: Tag) -> str:
    css = str(tag.get("style") or "").replace(" ", "")
    named = next((letter for name, letter in _STYLES.items() if f":{name}" in css), "")
    return named or str(tag.get("type") or "1")


def _number(value: object, otherwise: int) -> int:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise


def _label(place: int, style: str) -> str:
    letter = {"a": _letters, "i": _roman}.get(style.lower())
    if letter is None or not 0 < place <= _LARGEST:
        return str(place)
    return letter(place).upper() if style.isupper() else letter(place)


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(place: int) -> str:
    letters = ""
    for letter, value in _ROMAN.items():
        count, place = divmod(place, value)
        letters += letter * count
    return letters
