"""Leaves out what needs nginx where there is none, and says so."""

import pytest

from tests.house import nginx

_left_out: list[pytest.Item] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanting = [item for item in items if "front" in getattr(item, "fixturenames", ())]
    if wanting and not nginx.program():
        _left_out.extend(wanting)
        items[:] = [item for item in items if item not in wanting]
        config.hook.pytest_deselected(items=wanting)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _left_out:
        terminalreporter.section("nginx")
        terminalreporter.line(
            f"No nginx here, and none from Debian: {len(_left_out)} tests of deploy/nginx.conf left out."
        )
