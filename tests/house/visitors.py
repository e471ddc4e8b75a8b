"""Who comes to the site through nginx? Every kind of cookie and signal: real, old, foreign, forged and ambiguous."""

import itertools
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

from django.test import override_settings

from consent import cookie
from tests.house.stage import BY_TLS, Stage

# Beside the demo's: a second service in a group, an origin for each, a second site, a page with a password.
SEED = """
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site
from consent import catalogue
from consent.models import Service
now = timezone.now()
for key in ("tally", "billboard"):
    at = f"https://{key}.example"
    Service.objects.filter(key=key).update(script_url=f"{at}/x.js", script_origins=[at], connect_origins=[at])
tally = Service.objects.get(key="tally")
catalogue.add_service(
    group="analytics", key="pulse", name="Pulse", vendor=tally.vendor, description="Counts.", countries=["NL"],
    safeguard=tally.safeguard, purposes=tally.purposes, data=tally.data,
    script_url="https://pulse.example/x.js", script_origins=["https://pulse.example"],
)
first = Site.objects.get(is_default_site=True)
second = Site.objects.create(hostname="second.example", port=443, root_page=first.root_page)
for site in (first, second):
    catalogue.publish(site=site, now=now)
about = Page.objects.get(slug="about", locale__language_code="en")
PageViewRestriction.objects.create(page=about, restriction_type="password", password="ahoy")
"""
HERE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
GPC = ("Sec-GPC", "1")
GROUPS = ("analytics", "marketing", "media")
_strangers = itertools.count()
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        return ", ".join(self.all(name))

    @property
    def csp(self) -> str:
        return self["Content-Security-Policy"]


@dataclass(frozen=True)
class Kind:
    """Visitors who send the same cookie and signals."""

    name: str
    headers: Headers = ()
    kept_by: str = ""  # what nginx keeps their pages by; "" where it keeps none
    names: str = ""  # the kind whose mask their cookie names, though the site does not count it
    share: int = 1


def ask(port: int, path: str, headers: Headers = (), *, by: str = "", method: str = "GET", body: str = "") -> Answer:
    """One request; a header may be sent twice. `by` is the visitor's address, by default one that nobody had."""
    number = next(_strangers)
    by = by or f"100.64.{number // 250}.{number % 250 + 1}"
    base = BY_TLS | {"X-Forwarded-For": by, "X-Real-IP": by}
    sent = [*((name, value) for name, value in base.items() if name not in dict(headers)), *headers]
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode() or None)
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def decide(stage: Stage, choices: Mapping[str, bool], *more: tuple[str, str], **said: Any) -> str:
    """Somebody chooses, for real; returns their cookie."""
    found = re.search(rb'data-snapshot="([0-9a-f]{64})"', ask(stage.door, "/contact/", more).body)
    assert found
    sent = {
        "choices": dict(choices),
        "snapshot": found[1].decode(),
        "key": str(uuid.uuid4()),
        "source": "panel",
        **said,
    }
    answer = ask(stage.door, "/consent/decide/", (*HERE.items(), *more), method="POST", body=json.dumps(sent))
    assert answer.status == 201, answer.body
    [line] = [line for line in answer.all("Set-Cookie") if line.startswith(f"{cookie.NAME}=")]
    return line.partition("=")[2].partition(";")[0]


@dataclass(frozen=True)
class Cookies:
    """Of real decisions, and of what somebody might make of them."""

    by_choice: dict[str, str]
    session: str
    key: str  # the site's SECRET_KEY

    def __getitem__(self, choice: str) -> str:
        return self.by_choice[choice]

    def rewritten(self, choice: str, **changes: Any) -> str:
        """What the site itself would have signed."""
        with override_settings(SECRET_KEY=self.key):
            remembered = cookie.read(self[choice])
            assert remembered
            return cookie.write(replace(remembered, **changes))

    def forged(self, choice: str, mask: str = "") -> str:
        parts = self[choice].split(".")
        parts[4] = mask or parts[4]
        return ".".join([*parts[:-1], parts[-1][::-1]])

    def kept_by(self, choice: str, signal: str = "none") -> str:
        parts = self[choice].split(".")
        return f"{parts[1]}.{parts[4]} {signal}"


def come(stage: Stage) -> Cookies:
    """The decisions of those who decide."""
    everything, nothing = dict.fromkeys(GROUPS, True), dict.fromkeys(GROUPS, False)
    choices = {
        "accept": decide(stage, everything),
        "refuse": decide(stage, nothing),
        **{name: decide(stage, nothing | {name: True}) for name in everything},
        "one left out": decide(stage, everything, services={"pulse": False}),
        "accept beside GPC": decide(stage, everything, GPC),
        "elsewhere": decide(stage, everything, ("Host", "second.example")),
    }
    return Cookies(choices, _session(stage), stage.values["SECRET_KEY"])


def _session(stage: Stage) -> str:
    """An editor signs in."""
    form = ask(stage.door, "/cms/login/", by="203.0.113.2")
    [token] = re.findall(r"csrftoken=(\w+)", form["Set-Cookie"])
    sent = (
        ("Cookie", f"csrftoken={token}"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Referer", "https://candor.example/cms/login/"),
    )
    body = f"csrfmiddlewaretoken={token}&username=vera&password=candor"
    answer = ask(stage.door, "/cms/login/", sent, by="203.0.113.2", method="POST", body=body)
    return re.findall(r"sessionid=(\w+)", answer["Set-Cookie"])[0]


def sent(value: str, *more: tuple[str, str]) -> Headers:
    return (("Cookie", f"{cookie.NAME}={value}"), *more)


def kinds(cookies: Cookies) -> list[Kind]:
    return [*everyday(cookies), *_ambiguous(cookies)]


def everyday(cookies: Cookies) -> list[Kind]:
    return [*_counted(cookies), *_uncounted(cookies)]


def _counted(cookies: Cookies) -> list[Kind]:
    """Those whom the site takes for what they say."""
    beside = (("Cookie", f"theme=dark; {cookie.NAME}={cookies['accept']}; cookie_consent=analytics=9"),)
    session = ("Cookie", f"sessionid={cookies.session}")
    return [
        Kind("new", (), "none none", share=40),
        Kind("new, with GPC", (GPC,), "none gpc", share=8),
        Kind("new, with DNT", (("DNT", "1"),), "none dnt"),
        Kind("new, with a cookie of other software", (("Cookie", "cookie_consent=analytics=9"),), "none none"),
        Kind("accept", sent(cookies["accept"]), cookies.kept_by("accept"), share=30),
        Kind("accept, among other cookies", beside, cookies.kept_by("accept"), share=4),
        Kind("accept, with GPC since", sent(cookies["accept"], GPC), cookies.kept_by("accept", "gpc"), share=3),
        Kind("refuse", sent(cookies["refuse"]), cookies.kept_by("refuse"), share=30),
        Kind("refuse, with GPC", sent(cookies["refuse"], GPC), cookies.kept_by("refuse", "gpc"), share=3),
        *(Kind(name, sent(cookies[name]), cookies.kept_by(name), share=2) for name in GROUPS),
        Kind("one left out", sent(cookies["one left out"]), share=3),
        Kind(
            "accept beside GPC",
            sent(cookies["accept beside GPC"], GPC),
            cookies.kept_by("accept beside GPC", "gpc"),
        ),
        Kind("editor", (session,)),
        Kind("editor, accept", (("Cookie", f"{session[1]}; {cookie.NAME}={cookies['accept']}"),)),
    ]


def _uncounted(cookies: Cookies) -> list[Kind]:
    """A cookie that is too old, another site's, or nobody's."""
    long_ago = datetime.now(UTC) - timedelta(days=400)
    old = {"decided_at": long_ago, "expires_at": long_ago + timedelta(days=182)}
    unheard = f"{int(cookies['accept'].split('.')[4], 16) ^ 2:x}"
    return [
        Kind("expired", sent(cookies.rewritten("accept", **old)), names="accept"),
        Kind("expired refusal", sent(cookies.rewritten("refuse", **old)), names="refuse"),
        Kind("forged", sent(cookies.forged("accept")), names="accept"),
        Kind("forged refusal", sent(cookies.forged("refuse")), names="refuse"),
        Kind("a mask nobody signed", sent(cookies.forged("accept", unheard))),
        Kind("another site's", sent(cookies["elsewhere"])),
        Kind("another series", sent(cookies.rewritten("accept", series="ffffff"))),
        Kind("a later configuration", sent(cookies.rewritten("accept", number=4000))),
        Kind("empty", sent(""), names="new"),
        Kind("cut off", sent(cookies["accept"][:30])),
        Kind("capital letters", sent(cookies["accept"].upper())),
        Kind("no cookie at all", sent("../../etc/passwd%00<script>")),
        Kind("longer than any", sent("2." + "a" * 3000)),
    ]


def _ambiguous(cookies: Cookies) -> list[Kind]:
    """Cookies and signals in which nginx and the site may read different things."""
    yes, no = cookies["accept"], cookies["refuse"]
    name = cookie.NAME
    return [
        Kind("another name", (("Cookie", f"Candor_Consent={no}"),), names="refuse"),
        Kind("a comma between", (("Cookie", f"a=1,{name}={no}"),), names="refuse"),
        Kind("a tab before", (("Cookie", f"a=1;\t{name}={no}"),), names="new"),
        Kind("a space before the sign", (("Cookie", f"{name} ={no}"),), names="refuse"),
        Kind("yes, then no", (("Cookie", f"{name}={yes}; {name}={no}"),), names="accept"),
        Kind("no, then yes", (("Cookie", f"{name}={no}; {name}={yes}"),), names="refuse"),
        Kind("two lines", (("Cookie", "a=1"), ("Cookie", f"{name}={no}")), names="refuse"),
        Kind("quoted", (("Cookie", f'{name}="{no}"'),)),
        Kind("forged, then real", (("Cookie", f"{name}={cookies.forged('accept')}; {name}={no}"),), names="accept"),
        Kind("hardly a signal", (("Sec-GPC", "1:"),), names="new, with GPC"),
        Kind("two signals", (("Sec-GPC", "1"), ("Sec-GPC", "0")), names="new, with GPC"),
        Kind("hardly DNT", (("DNT", "x:1"),), names="new, with DNT"),
        Kind("a key of their own", (("X-Consent-Key", cookies.kept_by("accept")), *sent(no)), names="refuse"),
    ]
