"""Is the banner as light as it is said to be: in bytes, and with one request of its own that nothing waits for?"""

import gzip
import json
import re
import shutil
import subprocess

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory

from bench.browser import candor

MOST = 7 * 1024  # bytes, brotli
# Such texts come out of gzip at least 15 in 100 longer than out of brotli, so what is within this is within that.
MOST_GZIP = 8400
LOADING = re.compile(r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*\s(?:src|href|srcset)=\"([^\"]*)\"[^>]*>")
BROTLI = """
const zlib = require("zlib");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(texts.reduce((sum, text) => sum + zlib.brotliCompressSync(text).length, 0));
"""


@pytest.fixture
def parts(db: None) -> dict[str, str]:
    """What a page with three groups and four services carries for us, and the module."""
    candor.catalogue_of_four(80)
    request = RequestFactory().get("/")
    load = "{% load consent_tags %}"
    written = {
        tag: engines["django"].from_string(f"{load}{{% {tag} %}}").render({}, request)
        for tag in ("consent_attributes", "consent_head", "consent_banner")
    }
    return written | {"module": module()}


def module() -> str:
    with open(str(finders.find("consent/consent.js")), encoding="utf-8") as file:
        return file.read()


def test_it_is_at_most_seven_kilobytes_in_all(parts: dict[str, str]) -> None:
    texts = list(parts.values())
    assert all(texts)
    if shutil.which("node"):
        sent = json.dumps(texts)
        done = subprocess.run(
            ["node", "-e", BROTLI], input=sent, capture_output=True, text=True, check=True, timeout=60
        )
        assert int(done.stdout) <= MOST
    else:
        assert sum(len(gzip.compress(text.encode(), 9)) for text in texts) <= MOST_GZIP


def test_it_asks_for_one_file_and_nothing_waits_for_it(parts: dict[str, str]) -> None:
    page = parts["consent_head"] + parts["consent_banner"]
    now = re.sub(r"<template\b.*?</template>", "", page, flags=re.DOTALL)
    found = list(LOADING.finditer(now))
    assert [match[1] for match in found] == ["/static/consent/consent.js"]
    assert 'type="module"' in found[0][0]
    assert "url(" not in now
    assert "@import" not in now


def test_the_module_brings_no_other_with_it(parts: dict[str, str]) -> None:
    assert not re.search(r"^\s*(?:import|export)\b(?!\s*\()", parts["module"], re.MULTILINE)
