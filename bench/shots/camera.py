"""Takes a picture of each page in each mode, and has it judged."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page

from bench.shots import judge
from bench.shots.judge import Shot
from bench.shots.modes import Mode

PATIENCE = 20_000  # milliseconds for a page on a busy machine
QUALITY = 55  # of a JPEG: they are looked at in a sheet
TALLEST = 6000  # pixels; the end of a longer page is left out of its picture, not of what is judged


def take(
    profile: BrowserContext, pages: Mapping[str, str], mode: Mode, folder: Path, *, public: bool = False
) -> Iterable[Shot]:
    """`pages` are addresses by the name of their picture."""
    profile.set_default_timeout(PATIENCE)
    page = profile.new_page()
    for name, url in pages.items():
        yield _shoot(page, name, url, mode, folder, public=public)
    page.close()


def _shoot(page: Page, name: str, url: str, mode: Mode, folder: Path, *, public: bool) -> Shot:
    shot = Shot(name, mode, url, folder / f"{name}.{mode}.jpg")
    with judge.listening(page) as heard:
        try:
            page.goto(url)
            page.wait_for_load_state("networkidle", timeout=5_000)
        except Error as error:
            if "Timeout" not in str(error):
                shot.wrong.append(str(error).splitlines()[0])
        try:
            page.wait_for_load_state()
            shot.wrong += judge.judged(page, mode, public=public)
            _picture(page, shot.file)
        except Error as error:
            shot.wrong.append(str(error).splitlines()[0])
    shot.wrong += dict.fromkeys(heard)
    return shot


def _picture(page: Page, file: Path) -> None:
    tall = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": int(page.evaluate("document.documentElement.clientWidth")), "height": tall}
    page.screenshot(path=file, type="jpeg", quality=QUALITY, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
