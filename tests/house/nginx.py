"""Where is an nginx to rehearse with: installed here, or from Debian's package, unpacked beside the environment?"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(sys.prefix) / "nginx"  # unpacked, not installed: nothing on the machine changes, nothing starts


def program() -> str:
    """The path of an nginx that runs. Fails the test that asks where there is none: what nobody ran shows nothing."""
    found = _found()
    if not found:
        pytest.fail("No nginx here, and none from Debian: install it, such as by `apt-get install nginx`.")
    return found


@functools.cache
def _found() -> str | None:
    installed = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"]))
    unpacked = FOLDER / "usr" / "sbin" / "nginx"
    if installed or not (unpacked.exists() or _unpack()):
        return installed
    return str(unpacked) if unpacked.exists() and _quietly(str(unpacked), "-v") else None


def _unpack() -> bool:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (_download() or (os.geteuid() == 0 and _quietly("apt-get", "update") and _download())):
        return False
    return all(_quietly("dpkg-deb", "--extract", str(package), str(FOLDER)) for package in FOLDER.glob("*.deb"))


def _download() -> bool:
    return _quietly("apt-get", "download", "nginx")


def _quietly(*argv: str) -> bool:
    """Whether it went well; no network, no such program and no patience left are all a no."""
    if not shutil.which(argv[0]):
        return False
    try:
        done = subprocess.run(argv, cwd=FOLDER, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
