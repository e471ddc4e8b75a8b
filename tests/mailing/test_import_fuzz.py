"""Two thousand files that nobody meant: each is refused with a sentence, or written whole."""

import random
from collections.abc import Iterator

import pytest

from consent.models import Decision
from mailing import incoming
from mailing.models import AudienceImport, Field, MailingList, Subscriber, Subscription
from tests import make

FILES = 2000
NAMES = ["email", "consent_source", "consent_at", "consent_text", "name", "locale", "time_zone", "visits", "born"]
CELLS = [
    "", " ", "ana@mail.example", "ANA@MAIL.EXAMPLE", "ben@müller.example", "@", "a@b", "Fair", "2025-09-12", "yes",
    "2025-09-12T10:00+23:59", "9999-12-31T23:59:59-23:59", "0000-00-00", "2025-13-01", "Europe/Berlin", "en", "xx",
    "=1+1", "@SUM(A1)", "-2+3", "+49", "\t=cmd", "'", '"', '""', '"a', 'a"b', '"a""b"', '"a\nb"', "a\r\nb", "\0",
    "\x1b[0m", "\u202e", "\ufeff", "𝕏", "\udcff", "a" * 300, "9" * 400, "-", "1e999", "NaN", "-0", "1.5",
    "{{ 7*7 }}", "%s%n", "'; DROP TABLE mailing_subscriber; --", "<script>alert(1)</script>", "..", "C:\\", "١٢",
]  # fmt: skip
ENDS = ["\n", "\r\n", "\r", "\n\n", "\x0b", "\u2028", ""]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1251"]


def hostile(chance: random.Random) -> bytes:
    """A file that has something of a table, at least mostly."""
    delimiter, end = chance.choice([",", ";", "\t", "|", ","]), chance.choice(ENDS)
    header = chance.sample(NAMES, chance.randint(0, len(NAMES)))
    if chance.random() < 0.8:
        header = [*NAMES[:3], *(name for name in header if name not in NAMES[:3])]
    lines = [delimiter.join(header)]
    for number in range(chance.randint(0, 6)):
        good = {"email": f"p{number}@mail.example", "consent_source": "Fair", "consent_at": "2025-09-12"}
        cells = [good.get(name, "") if chance.random() < 0.93 else chance.choice(CELLS) for name in header]
        cells += [chance.choice(CELLS) for _more in range(chance.choice([0, 0, 0, 1]))]
        lines.append(delimiter.join(cells))
    content = end.join(lines).encode(chance.choice(ENCODINGS[: chance.choice([1, 3, 8])]), "replace")
    return broken(content, chance) if chance.random() < 0.3 else content


def broken(content: bytes, chance: random.Random) -> bytes:
    """Cut, stirred, or with bytes that do not belong."""
    at, some = chance.randint(0, len(content)), bytes(chance.randrange(256) for _byte in range(chance.randint(1, 8)))
    return chance.choice([content[:at], content[:at] + some + content[at:], some, content[::-1], content * 2])


@pytest.fixture
def news(db: None) -> MailingList:
    Field.objects.create(key="visits", label="Visits", kind="number", why="To tell.")
    Field.objects.create(key="born", label="Born", kind="date", why="To tell.")
    return make.mailing_list()


def files() -> Iterator[tuple[int, bytes]]:
    for seed in range(FILES):
        yield seed, hostile(random.Random(seed))


def test_no_file_does_anything_that_its_report_does_not_say(news: MailingList) -> None:
    refused = brought = 0
    for seed, content in files():
        Subscriber.objects.all().delete()
        before = Decision.objects.count()
        try:
            found = incoming.check(content, news, make.NOW, words="Yes.", ignore=seed % 2 == 0)
        except incoming.Unreadable:
            refused += 1
            continue
        assert not Subscriber.objects.exists(), seed
        report = found.report(words="Yes.", ignore=seed % 2 == 0)
        values = {"filename": "f.csv", "content": content, "report": report, "uploaded_at": make.NOW}
        job = AudienceImport.objects.create(mailing_list=news, **values)
        assert len(incoming.first_rows(job, 20, make.NOW)) == found.accepted, seed
        assert all(incoming.sentence(code) for _line, code in found.left_out), seed
        incoming.queue(job)
        assert incoming.write(job.pk, make.NOW) == found.accepted, seed
        rows = Subscription.objects.live().filter(decision__source="import").count()
        assert rows == Decision.objects.count() - before == Subscriber.objects.count() == found.accepted, seed
        brought += found.accepted
    assert refused > FILES / 10
    assert brought > FILES / 3
