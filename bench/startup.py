"""How long until the first page: environment, first start, second start? Writes its table into the README."""

import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
START, END = "<!-- bench:startup -->\n", "<!-- /bench:startup -->"


def seconds(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def make_environment(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(ROOT / "requirements-dev.txt")]
    subprocess.run([folder / "bin" / "python", *install], check=True)


def start_demo(python: Path, home: Path) -> float:
    """Seconds from the command to the line that says where to look; then stops it."""
    argv = [python, "manage.py", "demo", "--home", home, "--web-port", "18000", "--outbox-port", "18025"]
    argv += ["--smtp-port", "11025", "--vendor-port", "18001"]
    started = time.monotonic()
    demo = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert demo.stdout is not None
    for line in demo.stdout:
        if "Ctrl-C stops everything" in line:
            break
    took = time.monotonic() - started
    demo.send_signal(signal.SIGTERM)
    if demo.wait(60) != 0:
        raise SystemExit("The demo did not start and stop cleanly.")
    return took


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        Path(folder).chmod(0o755)
        environment, home = Path(folder) / "venv", Path(folder) / "demo"
        python = environment / "bin" / "python"
        return {
            "environment from the lock file": seconds(lambda: make_environment(environment)),
            "first start, to the first page": start_demo(python, home),
            "second start, to the first page": start_demo(python, home),
        }


def table(figures: dict[str, float]) -> str:
    rows = "".join(f"| {what} | {took:.0f} s |\n" for what, took in figures.items())
    where = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"| step | time |\n|---|---|\n{rows}\n`make bench` on {datetime.now(UTC):%Y-%m-%d}: {where}.\n"


def main() -> None:
    text = table(measure())
    print(text)
    before, _, rest = README.read_text(encoding="utf-8").partition(START)
    _old, _, after = rest.partition(END)
    README.write_text(f"{before}{START}{text}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
