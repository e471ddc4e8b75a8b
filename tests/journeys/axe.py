"""Can people who see, point or read otherwise use a page? axe-core looks, and says what to mend."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()


def violations(page: Page) -> list[str]:
    """One line for each violation and each place of it: the rule, the place, how to mend it."""
    found = AXE.run(page).response["violations"]
    return [_line(rule, node) for rule in found for node in rule["nodes"]]


def _line(rule: dict[str, object], node: dict[str, object]) -> str:
    mend = " ".join(str(node["failureSummary"]).split())
    return f"{rule['id']} at {node['target']}: {mend} ({rule['helpUrl']})"
