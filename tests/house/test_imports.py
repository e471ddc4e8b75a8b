"""Do imports go down only, and is every module on the floor plan?"""

import subprocess
import sys
from pathlib import Path

from tests.house import tree


def test_the_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo"], cwd=tree.ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout
