"""The 60-second tour of the README, walked by a program: does each step do what it says?"""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from django.core.management import call_command

from cms.demo import people
from cms.demo.run import Demo

PATIENCE = 30  # seconds until a mail that a worker sends has arrived


class Wrong(Exception):
    """A step that did not do what the tour says."""


def walk(demo: Demo, say: Callable[[str], object]) -> None:
    """Raises Wrong at the first step that fails."""
    for step in (_read, _compare, _promises, _choose, _subscribe, _send, _look_behind):
        say(f"  ✓ {step(demo)}")


def _get(session: requests.Session, url: str, *, expect: int = 200) -> str:
    answer = session.get(url, timeout=20)
    if answer.status_code != expect:
        raise Wrong(f"{url} answered {answer.status_code}, not {expect}")
    return answer.text


def _post(session: requests.Session, url: str, *, expect: int, **body: Any) -> requests.Response:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    answer = session.post(url, headers={"Origin": origin}, timeout=20, allow_redirects=False, **body)
    if answer.status_code != expect:
        raise Wrong(f"POST {url} answered {answer.status_code}, not {expect}")
    return answer


def _must(text: str, *phrases: str) -> None:
    for phrase in phrases:
        if phrase not in text:
            raise Wrong(f"“{phrase}” is missing")


def _read(demo: Demo) -> str:
    visitor = requests.Session()
    _must(_get(visitor, f"{demo.site}/"), "candor-consent", "Cookie settings")
    _must(_get(visitor, f"{demo.site}/privacy/"), "Version 1", "takes force on")
    _must(_get(visitor, f"{demo.site}/privacy/history/"), "in force", "announced")
    if visitor.cookies:
        raise Wrong(f"a cookie was set before any choice: {', '.join(visitor.cookies.keys())}")
    return "the policy in force, its history, an announced version; no cookie before a choice"


def _compare(demo: Demo) -> str:
    visitor, policy = requests.Session(), f"{demo.site}/privacy"
    _must(_get(visitor, f"{policy}/compare/1-2/"), "<del>", "1 year", "<ins>", "6 months")
    _must(_get(visitor, f"{policy}/upcoming/"), "Version 2", "Compare with version")
    _must(_get(visitor, f"{demo.site}/ru/privacy/"), 'lang="ru"', "Политика конфиденциальности")
    return "what an announced version changes, and the policy in Russian"


def _promises(demo: Demo) -> str:
    page = _get(requests.Session(), f"{demo.site}/promises/")
    _must(page, "Inquiries from forms", "1 year", "What shows it")
    return "what the policy promises, and what shows that it is kept"


def _choose(demo: Demo) -> str:
    visitor = requests.Session()
    snapshot = re.search(r'data-snapshot="([0-9a-f]{64})"', _get(visitor, f"{demo.site}/"))
    if not snapshot:
        raise Wrong("the page names no published configuration")
    choice = {"choices": {"analytics": True}, "snapshot": snapshot[1], "key": str(uuid.uuid4())}
    answer = _post(visitor, f"{demo.site}/consent/decide/", expect=201, json=choice)
    _must(_get(visitor, f"{demo.site}/consent/"), 'value="analytics" checked')
    _get(visitor, f"{demo.vendor}/count.js")
    receipt = answer.json()["receipt"]
    _must(_get(visitor, f"{demo.site}/consent/receipt/{receipt}/"), "Statistics", "You allowed this", receipt)
    _must(_get(visitor, f"{demo.site}/consent/decisions/"), receipt)
    return f"a choice about cookies, and its receipt: decision {receipt}"


def _subscribe(demo: Demo) -> str:
    address, visitor = f"tour-{uuid.uuid4().hex[:8]}@mail.example", requests.Session()
    form = {"email": address, "mailing_list": "news"}
    _post(visitor, f"{demo.site}/mail/join/", expect=303, data=form)
    link = next(link for link in _mail(demo, address)["links"] if "/mail/confirm/" in link)
    _must(_get(visitor, link), "Confirm your subscription")
    _must(_post(visitor, link, expect=200).text, "You are on the list")
    return "a newsletter joined from its own mailbox"


def _send(demo: Demo) -> str:
    editor = _sign_in(demo)
    listing = _get(editor, f"{demo.site}/cms/mailing/campaigns/")
    number = re.search(r"/cms/mailing/campaigns/edit/(\d+)/", listing)
    if not number:
        raise Wrong("there is no campaign to send")
    url = f"{demo.site}/cms/mailing/campaigns/send/{number[1]}/"
    _must(_get(editor, url), "Send now")
    _post(editor, url, expect=302, data={"now": "now", **_token(editor)})
    message = _mail(demo, "ana@mail.example", "Winter sailing times")
    leave = str(message["headers"]["List-Unsubscribe"]).strip("<>")
    one_click = requests.post(leave, data={"List-Unsubscribe": "One-Click"}, timeout=20)
    _must(one_click.text, "You have left the list")
    return "a campaign sent by a worker, and left with one click"


def _look_behind(demo: Demo) -> str:
    editor = _sign_in(demo)
    _must(_get(editor, f"{demo.site}/cms/data-map/"), "Inquiries from forms", "1 year", "stated by")
    _must(_get(requests.Session(), f"{demo.site}/readyz/"), '"ready": true')
    call_command("expire", "--dry-run")
    call_command("verify_proof")
    return "the data map, what retention would delete, and that no decision was altered"


def _sign_in(demo: Demo) -> requests.Session:
    editor, url = requests.Session(), f"{demo.site}/cms/login/"
    _get(editor, url)
    _post(editor, url, expect=302, data={"username": "vera", "password": people.PASSWORD, **_token(editor)})
    return editor


def _token(session: requests.Session) -> dict[str, str]:
    return {"csrfmiddlewaretoken": str(session.cookies["csrftoken"])}


def _mail(demo: Demo, address: str, subject: str = "") -> dict[str, Any]:
    """The newest message to `address` with these words in its subject, once a worker has sent it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for message in requests.get(f"{demo.outbox}/messages.json", timeout=20).json():
            if message["to"] == address and subject in message["subject"]:
                return dict(message)
        time.sleep(0.2)
    raise Wrong(f"no mail reached {address} within {PATIENCE} seconds")
