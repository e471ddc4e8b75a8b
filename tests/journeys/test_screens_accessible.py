"""Every screen of ours in the CMS, found by following its links: axe has nothing to say of what we made."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bench.shots import screens
from tests.journeys import axe
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(1800)
# What Wagtail 7.4 writes itself, on its own screens as on ours: the rule, the place, and where it comes from.
OF_WAGTAIL = {
    r"aria-input-field-name at \['\.notranslate'\]": "the rich text editor names its text by a placeholder alone",
    r"""aria-input-field-name at \['div\[aria-describedby="placeholder-\w+"\]'\]""": "the same, of several on a page",
    r"label at \['#texts-\d+-body-\d+-value'\]": "a heading block among others has no label of its own",
    r"label at \['\.ui-autocomplete-input'\]": "the field for tags",
    r"""aria-allowed-role at \['h2\[role="alert"\]'\]""": "the count above a list that was narrowed",
    r"page-has-heading-one at \['html'\]": "the title of a snippet's editor with a preview is its second heading",
    r"landmark-unique at \['#block-[\w-]+-section'\]": "two blocks of one kind have sections of one name",
    r"scrollable-region-focusable at \['\.w-minimap__list'\]": "the list of the panels of a long page",
}
# Not a screen but what stands in a frame of one: what is previewed, which tests of its own look at.
FRAMES = re.compile("preview_on_")


@pytest.fixture(scope="module")
def admin(browser: Browser, demo: Demo) -> Iterator[Page]:
    profile = screens.signed_in(browser, demo, {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"})
    yield profile.pages[0]
    profile.close()


def test_no_screen_of_ours_has_a_violation(admin: Page, demo: Demo) -> None:
    reached, _left = screens.found(admin.context, demo)
    there = reached | screens.edited(admin.context, demo)
    wrong: dict[str, list[str]] = {}
    for name, url in there.items():
        if FRAMES.search(name):
            continue
        admin.goto(url)
        admin.evaluate("Promise.all(document.getAnimations().map(({ finished }) => finished))")
        found = [line for line in axe.violations(admin) if not any(re.match(rule, line) for rule in OF_WAGTAIL)]
        if found:
            wrong[name] = found
    assert wrong == {}
    assert len(there) > 120
