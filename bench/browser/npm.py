"""Where do the peers' files come from? From npm, at the version named, into a folder that is no part of the project."""

import shutil
import subprocess
import tarfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench-browser"


class NoPeers(Exception):
    """npm is not here or gave nothing; the message says what to do."""


def file(package: str, version: str, path: str) -> bytes:
    """One file of a published package, fetched once."""
    unpacked = FOLDER / f"{package}-{version}" / "package"
    if not unpacked.exists():
        _fetch(package, version)
    return (unpacked / path).read_bytes()


def _fetch(package: str, version: str) -> None:
    """The package alone, without what it depends on: what a page loads is all in it, and nothing of it is run."""
    if shutil.which("npm") is None:
        raise NoPeers("The peers are fetched with npm. Install Node.js, or measure without them: --only candor.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", f"{package}@{version}", "--ignore-scripts", "--silent", "--pack-destination", str(FOLDER)]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=180, check=False)
    archive = FOLDER / f"{package}-{version}.tgz"
    if not archive.exists():
        raise NoPeers(f"npm gave no {package} {version}: {done.stderr.strip() or 'it said nothing'}")
    with tarfile.open(archive) as packed:
        packed.extractall(FOLDER / f"{package}-{version}", filter="data")
