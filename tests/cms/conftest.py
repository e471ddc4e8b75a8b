"""A home for the engines of a test, where no other test session can close a directory above."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="candor-home-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another account and must pass
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
