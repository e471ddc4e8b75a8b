"""What may a browser fetch before it has read the page: of what waits there, all that this visitor has allowed?

The head's script opens the same gates a little later; a header (RFC 8288) is read first.
"""

import re
from collections.abc import Collection, Iterator
from html import unescape

MOST = 10  # links; more than 4 kB of headers is what some proxies refuse
_GATE = re.compile(r'<template data-consent-gate="[^"]*" data-service="([^"]*)"[^>]*>(.*?)</template>', re.DOTALL)
_TAG = re.compile(r"<(link|script)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z]+)(?:="([^"]*)")?')
_ADDRESS = re.compile(r"[!#-;=?-~]{1,1000}")  # what can stand between < and > in a header
_KNOWN = ("rel", "as", "crossorigin", "integrity", "referrerpolicy")


def links(page: str, services: Collection[str]) -> str:
    """The value of a Link header for what the page's head holds of these services; "" for nothing."""
    if not services:
        return ""
    head = page.partition("</head>")[0]
    found = [link for key, inside in _GATE.findall(head) if unescape(key) in services for link in _links(inside)]
    return ", ".join(list(dict.fromkeys(found))[:MOST])


def _links(inside: str) -> Iterator[str]:
    for tag, written in _TAG.findall(inside):
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)}
        if tag == "script":
            said |= {"rel": "modulepreload"} if said.get("type") == "module" else {"rel": "preload", "as": "script"}
        address = said.get("href") or said.get("src") or ""
        if not _ADDRESS.fullmatch(address):
            continue
        more = (f'{name}="{said[name]}"' for name in _KNOWN if '"' not in said.get(name, '"'))
        yield "; ".join([f"<{address}>", *more])
