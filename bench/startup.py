"""How long until the first page: environment, first start, second start? Writes its table into the README."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # in place of bench/, where other files have the names of apps

from bench.table import here_and_now, publish  # noqa: E402

README = ROOT / "README.md"


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
    return f"| step | time |\n|---|---|\n{rows}\n{here_and_now()}.\n"


def main() -> None:
    publish(table(measure()), README, "startup")


if __name__ == "__main__":
    main()
