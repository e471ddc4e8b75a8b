"""The files of the house, for the tests that measure it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["cms", "home", "mailing", "consent", "policies", "records"]  # from the top


def code() -> list[Path]:
    """Python files of the six apps, without migrations."""
    files = [file for app in FLOORS for file in (ROOT / app).rglob("*.py")]
    return sorted(file for file in files if "migrations" not in file.parts)


def tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


def templates() -> list[Path]:
    files = [file for app in FLOORS for file in (ROOT / app / "templates").rglob("*") if file.is_file()]
    return sorted(files)


def docs() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
