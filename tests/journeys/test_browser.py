"""A journey runs in a browser or fails with a sentence; it is never passed over."""

import pytest

from tests import browser as chromium


def test_a_browser_that_is_named_and_not_there_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(chromium.NoBrowser, match="CHROMIUM=/nowhere/chromium is not a program"), chromium.launched():
        pass
