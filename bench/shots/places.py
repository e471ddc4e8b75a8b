"""Where do the pictures go?"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "shots"  # not kept in the repository
