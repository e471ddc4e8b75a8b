"""What every measurement needs: engines of its own, a line that says where and when, and a place in the docs."""

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cms.demo import engines
from cms.demo.processes import Processes


@contextmanager
def own_engines() -> Iterator[None]:
    """PostgreSQL and Valkey in a folder that goes afterwards; the settings read where they are."""
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)  # as root, PostgreSQL runs as another account and must pass
        with Processes(home) as processes:
            os.environ["DATABASE_URL"] = engines.start_postgres(processes, home)
            os.environ["REDIS_URL"] = engines.start_valkey(processes, home)
            os.environ |= {"DJANGO_SETTINGS_MODULE": "cms.settings.test", "LOG_LEVEL": "WARNING"}
            yield


def here_and_now() -> str:
    where = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {where}"


def publish(text: str, document: Path, name: str) -> None:
    """Prints the table and writes it between the marks of its name."""
    print(text)
    start, end = f"<!-- bench:{name} -->\n", f"<!-- /bench:{name} -->"
    before, mark, rest = document.read_text(encoding="utf-8").partition(start)
    _old, close, after = rest.partition(end)
    if not (mark and close):
        raise SystemExit(f"{document} has no place for the table.")
    document.write_text(f"{before}{start}{text}{end}{after}", encoding="utf-8")
