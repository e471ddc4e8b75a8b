"""Takes pictures of every page: `make shots`, `make shots SHOTS=public`, `make shots SHOTS="cms --only services"`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser

from bench.shots import camera, filled, modes, public, readme, screens, sheet
from bench.shots.judge import Shot
from bench.shots.places import FOLDER, ROOT
from bench.table import own_engines
from tests import browser as chromium
from tests.journeys.demo import Demo, running

PARTS = ("readme", "public", "cms", "empty", "filled")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.shots", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help=f"of {', '.join(PARTS)}; all of them")
    parser.add_argument("--only", default="", metavar="NAME", help="pages whose name has this in it")
    parser.add_argument("--mode", default="", metavar="MODE", help="modes that have this in them: ru-dark-phone, phone")
    return parser.parse_args()


def main() -> None:
    wanted = arguments()
    parts = wanted.part or list(PARTS)
    os.environ["SITE_LANGUAGES"] = ",".join(modes.LANGUAGES)
    shots: list[Shot] = []
    if {"readme", "public", "cms"} & set(parts):
        with running() as demo, chromium.launched() as browser:
            shots += _of_demo(browser, demo, parts, wanted)
    if "empty" in parts:
        with running("--empty") as demo, chromium.launched() as browser:
            shots += _take_screens(browser, demo, wanted, _folder("empty"), roles=False)
    failed = False
    if parts == ["filled"]:
        shots += _take_filled(wanted, _folder("filled"))
    elif "filled" in parts:  # in a process of its own: it has other settings than a demo
        again = [sys.executable, "-m", "bench.shots", "filled", f"--only={wanted.only}", f"--mode={wanted.mode}"]
        failed = bool(subprocess.run(again, cwd=ROOT, check=False).returncode)
    sys.exit(1 if _tell(shots) or failed else 0)


def _of_demo(browser: Browser, demo: Demo, parts: list[str], wanted: argparse.Namespace) -> Iterator[Shot]:
    if "readme" in parts:
        readme.take(browser, demo)
    if "public" in parts:
        yield from _take_public(browser, demo, wanted, _folder("public"))
    if "cms" in parts:
        yield from _take_screens(browser, demo, wanted, _folder("cms"), roles=True)


def _folder(name: str) -> Path:
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.jpg"):
        old.unlink()
    return folder


def _take_public(browser: Browser, demo: Demo, wanted: argparse.Namespace, folder: Path) -> Iterator[Shot]:
    pages = {name: spoken for name, spoken in public.pages(demo, browser).items() if wanted.only in name}
    print(f"{len(pages)} public pages: {', '.join(pages)}")
    for mode in modes.public():
        if wanted.mode not in str(mode):
            continue
        profile = browser.new_context(**mode.options)  # type: ignore[arg-type]
        there = {name: spoken[mode.language] for name, spoken in pages.items() if mode.language in spoken}
        if "home" in there:
            yield from camera.take(profile, {"banner": there["home"]}, mode, folder, public=True)
        public.refuse(profile, demo)
        yield from camera.take(profile, there, mode, folder, public=True)
        profile.close()


def _take_screens(
    browser: Browser, demo: Demo, wanted: argparse.Namespace, folder: Path, *, roles: bool
) -> Iterator[Shot]:
    screens.connect(demo)
    profile = screens.signed_in(browser, demo.site, {})
    reached, left = screens.found(profile, demo)
    reached |= screens.edited(profile, demo)
    pages = {name: url for name, url in reached.items() if wanted.only in name}
    print(f"{len(pages)} screens of the CMS; no link leads to: {', '.join(left) or 'none'}")
    profile.close()
    for mode in modes.desk():
        if wanted.mode not in str(mode):
            continue
        screens.speak(mode.language)
        profile = screens.signed_in(browser, demo.site, mode.options)
        yield from camera.take(profile, pages, mode, folder)
        profile.close()
        for name in screens.ROLES if roles and wanted.only in "home-of-roles" else ():
            profile = screens.signed_in(browser, demo.site, mode.options, name)
            yield from camera.take(profile, {f"home-of-{name}": f"{demo.site}/cms/"}, mode, folder)
            profile.close()


def _take_filled(wanted: argparse.Namespace, folder: Path) -> Iterator[Shot]:
    """The screens that no link of a new site leads to: on a site that has one of each thing."""
    with own_engines(), filled.served() as (site, paths), chromium.launched() as browser:
        there = {name: f"{site}{path}" for name, path in paths.items() if wanted.only in name}
        profile = screens.signed_in(browser, site, {}, filled.NAME, filled.PASSWORD)
        pages = {name: url for name, url in there.items() if filled.is_a_page(profile, url)}
        print(f"{len(pages)} screens of a filled CMS")
        profile.close()
        for mode in modes.desk():
            if wanted.mode in str(mode):
                screens.speak(mode.language)
                profile = screens.signed_in(browser, site, mode.options, filled.NAME, filled.PASSWORD)
                yield from camera.take(profile, pages, mode, folder)
                profile.close()


def _tell(shots: list[Shot]) -> bool:
    """Prints what is wrong, each thing once with the modes in which it is so; returns whether anything is."""
    for folder, taken in groupby(sorted(shots, key=lambda shot: shot.file), key=lambda shot: shot.file.parent):
        print(f"{sheet.write(folder, list(taken)).relative_to(ROOT)}")
    wrong: dict[tuple[str, str], list[str]] = {}
    for shot in shots:
        for line in shot.wrong:
            wrong.setdefault((shot.name, line), []).append(str(shot.mode))
    for (name, line), found in sorted(wrong.items()):
        print(f"  ✗ {name} ({', '.join(found)}): {line}")
    print(f"{len(shots)} pictures; {sum(bool(shot.wrong) for shot in shots)} with something wrong.")
    return bool(wrong)


if __name__ == "__main__":
    main()
