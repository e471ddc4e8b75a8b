"""Where does the demo keep its data, and where does a second terminal find its database?"""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("DEMO_HOME") or CHECKOUT / ".demo")
EMPTY = HOME.with_name(f"{HOME.name}-empty")  # of a demo without the company
NO_DATABASE = "postgresql://127.0.0.1:5432/candor"


def addresses() -> dict[str, str]:
    """What a running demo wrote down: DATABASE_URL, REDIS_URL and the like; empty when none runs."""
    return addresses_in(HOME)


def addresses_in(home: Path) -> dict[str, str]:
    """The same of a demo that keeps its data elsewhere."""
    try:
        lines = (home / "addresses.env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def write_addresses(home: Path, environment: dict[str, str]) -> None:
    file = home / "addresses.env"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in environment.items()), encoding="utf-8")


def forget_addresses(home: Path) -> None:
    (home / "addresses.env").unlink(missing_ok=True)
