"""Every screen of ours in the CMS, on a site that has one of each thing: axe has nothing to say of what we made."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from bench.shots.filled import NAME, PASSWORD, is_a_page, made
from bench.shots.screens import signed_in
from tests import browser as chromium
from tests.consent import flood
from tests.journeys import axe

pytestmark = pytest.mark.timeout(1800)
# What Wagtail 8.0 writes itself, on its own screens as on ours: the rule, the place, and where it comes from.
OF_WAGTAIL = {
    r"aria-input-field-name at \['\.notranslate'\]": "the rich text editor names its text by a placeholder alone",
    r"""aria-input-field-name at \['div\[aria-describedby="placeholder-\w+"\]'\]""": "the same, of several on a page",
    r"label at \['#texts-\d+-body-\d+-value'\]": "a heading block among others has no label of its own",
    r"label at \['\.ui-autocomplete-input'\]": "the field for tags",
    r"""aria-allowed-role at \['h2\[role="alert"\]'\]""": "the count above a list that was narrowed",
    r"page-has-heading-one at \['html'\]": "the title of a snippet's editor with a preview is its second heading",
    r"landmark-unique at \['#block-[\w-]+-section'\]": "two blocks of one kind have sections of one name",
    r"empty-table-header at \['thead > tr > \.workflow-progress-table__left-column'\]": "the steps of a workflow",
    r"scrollable-region-focusable at \['\.w-minimap__list'\]": "the list of the panels of a long page",
}
LOOK = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
STILL = "Promise.all(document.getAnimations().map(({ finished }) => finished))"


@pytest.fixture
def screens(committed: None, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Where the site answers, and the paths of its screens by name."""
    paths = made()
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    connection.close()
    with flood.served(tmp_path, address) as door:
        yield f"http://127.0.0.1:{door.port}", paths


def test_no_screen_of_ours_has_a_violation(screens: tuple[str, dict[str, str]]) -> None:
    site, paths = screens
    wrong: dict[str, list[str]] = {}
    looked_at = []
    with chromium.launched() as browser:
        profile = signed_in(browser, site, LOOK, NAME, PASSWORD)
        page = profile.pages[0]
        for name, path in paths.items():
            if not is_a_page(profile, f"{site}{path}"):
                continue
            page.goto(f"{site}{path}")
            page.evaluate(STILL)
            looked_at.append(name)
            found = [line for line in axe.violations(page) if not any(re.match(rule, line) for rule in OF_WAGTAIL)]
            if found:
                wrong[name] = found
    assert wrong == {}
    assert {"inquiries-export", "subscribers-export"} < set(looked_at)
    assert len(looked_at) > 150, looked_at
