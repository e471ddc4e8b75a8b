"""A file of addresses is read as people make them, and each line is taken or left out for a reason that it says."""

import codecs
from datetime import UTC, datetime
from typing import Any

import pytest

from consent.told import Told
from mailing import audience, incoming, suppression
from mailing.incoming import reading
from mailing.models import AudienceImport, Field, MailingList, Subscriber, Subscription
from tests import make

HEAD = "email,consent_source,consent_at"
AGREED = "Trade fair Hamburg,2025-09-12"
WORDS = "You may write to me."
LISTS, OBJECTION = suppression.Scope.LISTS, suppression.Reason.OBJECTION


@pytest.fixture
def news(db: None) -> MailingList:
    return make.mailing_list()


def file(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def checked(news: MailingList, content: bytes, **how: Any) -> incoming.Checked:
    return incoming.check(content, news, make.NOW, **{"words": WORDS, **how})


def codes(news: MailingList, content: bytes, **how: Any) -> dict[int, str]:
    return dict(checked(news, content, **how).left_out)


def why(news: MailingList, content: bytes, **how: Any) -> str:
    with pytest.raises(incoming.Unreadable) as refused:
        checked(news, content, **how)
    return str(refused.value)


def rows(news: MailingList, content: bytes) -> list[Any]:
    """The people in a file, as an import of it would write them."""
    report = checked(news, content).report(words=WORDS, ignore=False)
    job = AudienceImport(mailing_list=news, content=content, report=report)
    return incoming.first_rows(job, 20, make.NOW)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_are_read_as_spreadsheets_write_them(news: MailingList, delimiter: str, encoding: str, end: str) -> None:
    lines = [HEAD + ",name", f'{make.ANA},"Fair, stand 4; hall ""B""",2025-09-12,Ana Ö']
    text = (end.join(lines) + end).replace(",", delimiter).replace(f"Fair{delimiter}", "Fair,")
    [row] = rows(news, text.encode(encoding))
    assert (row.email, row.source, row.name) == (make.ANA, 'Fair, stand 4; hall "B"', "Ana Ö")
    assert row.agreed_at == datetime(2025, 9, 12, tzinfo=UTC)


def test_the_line_of_excel_about_the_delimiter_is_passed_over(news: MailingList) -> None:
    content = ("sep=;\n" + HEAD.replace(",", ";") + f"\n{make.ANA};Fair;2025-09-12\nnobody;Fair;2025-09-12").encode()
    assert [row.email for row in rows(news, content)] == [make.ANA]
    assert codes(news, content) == {4: "email"}


def test_lines_are_counted_as_an_editor_of_text_counts_them(news: MailingList) -> None:
    content = file(f'{make.ANA},"Fair\nHall 4",2025-09-12', "", f"nobody,{AGREED}", f"{make.BEN},,2025-09-12")
    assert codes(news, content) == {5: "email", 6: "source"}
    assert [row.source for row in rows(news, content)] == ["Fair Hall 4"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \n\n", "The file is empty."),
        ("email,consent_source,consent_at\nÖ".encode("cp1252"), "neither UTF-8 nor UTF-16"),
        (b"name,email\nAna,ana@mail.example", "Missing: consent_source, consent_at."),
        (b"\x89PNG\r\n\x1a\n", "neither UTF-8 nor UTF-16"),
        (b"just some words", "Missing: email, consent_source, consent_at."),
        (b"email,consent_source,consent_at,email\n", "Two columns have one name: email."),
        (b'email,consent_source,consent_at\n"ana,b,c', "Line 2 is no line of a table"),
        (b'email,consent_source,consent_at\na,b,c\n"a"b,c,d', "Line 3 is no line of a table"),
        (b"email,consent_source,consent_at,shoe,\n", "no field for these columns: shoe."),
    ],
)
def test_a_file_nothing_of_which_can_be_imported_says_why(news: MailingList, content: bytes, sentence: str) -> None:
    assert sentence in why(news, content)


def test_a_file_is_neither_too_large_nor_too_long(news: MailingList, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "larger than 10 MB" in why(news, b"a" * (reading.MOST_BYTES + 1))
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    two = file(f"{make.ANA},{AGREED}", "", f"{make.BEN},{AGREED}")
    assert checked(news, two).accepted == 2
    assert "more than 2 lines" in why(news, two + f"\n{make.CLEO},{AGREED}".encode())


def test_unknown_columns_are_refused_by_name_or_ignored_by_choice(news: MailingList) -> None:
    content = file(f"{make.ANA},{AGREED},43,x", head=HEAD + ",Shoe size,")
    assert "Shoe size".lower() in why(news, content)
    taken = checked(news, content, ignore=True)
    assert (taken.accepted, taken.ignored) == (0, ["shoe size"])
    assert taken.left_out == [(2, "cells")]
    odd = checked(news, file(head=HEAD + ",cleo@mail.example,\0,Größe (cm)"), ignore=True)
    assert odd.ignored == ["column 4", "column 5", "größe (cm)"]


def test_the_words_are_in_the_file_or_typed(news: MailingList) -> None:
    assert "Type the words people agreed to" in why(news, file(f"{make.ANA},{AGREED}"), words="")
    content = file(f"{make.ANA},{AGREED},Write me!", f"{make.BEN},{AGREED},", head=HEAD + ",consent_text")
    assert codes(news, content, words="") == {3: "words"}
    assert [row.words for row in rows(news, content)] == ["Write me!", WORDS]


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        (" ana@mail.example ", "ana@mail.example"),
        ("Ana.Maria+news@MAIL.example", "Ana.Maria+news@mail.example"),
        ("ana@müller.example", "ana@xn--mller-kva.example"),
        ("ana@почта.example", "ana@xn--80a1acny.example"),
        ("ana", ""),
        ("ana@", ""),
        ("@mail.example", ""),
        ("ana@mail", ""),
        ("ana@localhost", ""),
        ("ana@mail..example", ""),
        ("ana@[127.0.0.1]", ""),
        ('"ana maria"@mail.example', ""),
        ("ana maria@mail.example", ""),
        ("аna@mail.example", ""),
        ("ana@mail.example, ben@mail.example", ""),
        ("Ana <ana@mail.example>", ""),
        ("=ana@mail.example", "=ana@mail.example"),
        ("a" * 65 + "@mail.example", ""),
        ("a@" + "b" * 63 + ".example", "a@" + "b" * 63 + ".example"),
        ("a@" + "b" * 64 + ".example", ""),
        ("a@" + ("b" * 60 + ".") * 4 + "example", "a@" + ("b" * 60 + ".") * 4 + "example"),
        ("aaaa@" + ("b" * 60 + ".") * 4 + "example", ""),
        ("ana\u200b@mail.example", ""),
    ],
)
def test_an_address_is_one_that_can_be_written_to(news: MailingList, email: str, kept: str) -> None:
    content = file(f'"{email.replace(chr(34), chr(34) * 2)}",{AGREED}')
    assert [row.email for row in rows(news, content)] == ([kept] if kept else [])
    assert codes(news, content) == ({} if kept else {2: "email"})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2025-09-12", datetime(2025, 9, 11, 22, tzinfo=UTC)),
        ("2025-09-12T10:30", datetime(2025, 9, 12, 8, 30, tzinfo=UTC)),
        ("2025-09-12 10:30:05Z", datetime(2025, 9, 12, 10, 30, 5, tzinfo=UTC)),
        ("2025-09-12T10:30+09:00", datetime(2025, 9, 12, 1, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-03-01T13:01", "future"),
        ("2026-03-02", "future"),
        ("9999-12-31", "future"),
        ("", "when"),
        ("yesterday", "when"),
        ("12.09.2025", "when"),
        ("20250912", "when"),
        ("2025-W37-5", "when"),
        ("2025-02-30", "when"),
        ("0001-01-01", "when"),
        ("1989-12-31", "when"),
        ("٢٠٢٥-٠٩-١٢", "when"),
    ],
)
def test_a_consent_has_a_day_that_is_not_in_the_future(news: MailingList, said: str, found: Any, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    content = file(f"{make.ANA},Fair,{said}")
    if isinstance(found, str):
        assert codes(news, content) == {2: found}
    else:
        assert [row.agreed_at for row in rows(news, content)] == [found]


def test_every_row_says_where_the_person_agreed(news: MailingList) -> None:
    lines = [f"{make.ANA},,2025-09-12", f"{make.BEN},  ,2025-09-12", f"{make.CLEO},{AGREED}", "dan@mail.example"]
    content = file(*lines)
    assert codes(news, content) == {2: "source", 3: "source", 5: "source"}


@pytest.mark.parametrize(
    ("column", "said", "found"),
    [
        ("name", "Ana  Maria", "Ana Maria"),
        ("name", "=1+1", "=1+1"),
        ("name", "a" * 101, "long:name"),
        ("name", "Ana\x07", "odd"),
        ("name", "Ana\0", "odd"),
        ("name", "Ana <b>", "odd:name"),
        ("locale", "ru", "ru"),
        ("locale", "EN", "en"),
        ("locale", "", "en"),
        ("locale", "xx", "locale"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("time_zone", "Berlin", "zone"),
        ("visits", "12", 12),
        ("visits", "-12.50", -12.5),
        ("visits", "12,5", "number:visits"),
        ("visits", "1e5", "number:visits"),
        ("visits", "1234567890123456", "number:visits"),
        ("visits", "", None),
        ("born", "2000-02-29", "2000-02-29"),
        ("born", "2001-02-29", "date:born"),
        ("born", "1.1.2000", "date:born"),
        ("member", "Yes", True),
        ("member", "0", False),
        ("member", "maybe", "yes_no:member"),
        ("town", "a" * 200, "a" * 200),
        ("town", "a" * 201, "long:town"),
        ("consent_source", "a" * 201, "long:consent_source"),
    ],
)
def test_each_value_is_of_its_kind(news: MailingList, column: str, said: str, found: Any) -> None:
    for key, kind in (("visits", "number"), ("born", "date"), ("member", "yes_no"), ("town", "text")):
        Field.objects.create(key=key, label=key, kind=kind, why="To tell.")
    cells = {"email": make.ANA, "consent_source": "Fair", "consent_at": "2025-09-12", column: said}
    content = file(",".join(f'"{cell}"' for cell in cells.values()), head=",".join(cells))
    left_out = codes(news, content)
    if left_out:
        assert left_out == {2: found}
        assert incoming.sentence(left_out[2])
        return
    [row] = rows(news, content)
    assert (row.fields.get(column) if column in {"visits", "born", "member", "town"} else getattr(row, column)) == found


def test_an_address_counts_once_however_it_is_written(news: MailingList) -> None:
    twice = ["ana@mail.example", "ANA@Mail.example", "ben@müller.example", "ben@xn--mller-kva.example"]
    assert codes(news, file(*(f"{email},{AGREED}" for email in twice))) == {3: "twice", 5: "twice"}


def test_a_line_that_is_left_out_takes_no_others_place(news: MailingList) -> None:
    content = file(f"{make.ANA},Fair,tomorrow", f"{make.ANA},{AGREED}")
    assert codes(news, content) == {2: "when"}
    assert [row.line for row in rows(news, content)] == [3]


def test_who_is_there_left_waits_or_is_suppressed_is_left_out(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    audience.leave(subscription=make.subscriber(make.BEN, news), told=Told(), now=make.NOW)
    make.request(make.CLEO, news)
    suppression.suppress(["Dan@mail.example"], scope=LISTS, reason=OBJECTION, now=make.NOW)
    other = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    make.subscriber("eve@mail.example", other)
    emails = [make.ANA.upper(), make.BEN, make.CLEO, "dan@mail.example", "eve@mail.example"]
    content = file(*(f"{email},{AGREED}" for email in emails))
    assert codes(news, content) == {2: "there", 3: "left", 4: "waiting", 5: "suppressed"}
    assert checked(news, content).counts == {"there": 1, "left": 1, "waiting": 1, "suppressed": 1}


@pytest.mark.parametrize("known", ["dan@müller.example", "dan@xn--mller-kva.example"])
@pytest.mark.parametrize("typed", ["dan@müller.example", "dan@xn--mller-kva.example", "DAN@MÜLLER.example"])
def test_another_spelling_of_a_domain_gets_nobody_past_the_suppression_list(
    news: MailingList, known: str, typed: str
) -> None:
    suppression.suppress([known], scope=LISTS, reason=OBJECTION, now=make.NOW)
    assert codes(news, file(f"{typed},{AGREED}")) == {2: "suppressed"}


def test_a_report_has_no_address_in_it(news: MailingList) -> None:
    content = file(f"{make.ANA},{AGREED}", f"{make.ANA},{AGREED}", "ben at mail.example,Fair,2025-09-12")
    report = checked(news, content).report(words=WORDS, ignore=False)
    assert "mail.example" not in str(report)
    left_out = [[3, "twice"], [4, "email"]]
    assert report == {"accepted": 1, "left_out": left_out, "ignored": [], "words": WORDS, "ignore": False}


def test_checking_writes_nothing(news: MailingList) -> None:
    checked(news, file(f"{make.ANA},{AGREED}"))
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()


def test_the_template_is_a_file_that_can_be_filled_in(news: MailingList) -> None:
    Field.objects.create(key="town", label="Town", why="To tell.")
    Field.objects.create(key="name", label="Another name", why="To tell.")
    content = incoming.template()
    assert content.startswith(codecs.BOM_UTF8)
    assert content.decode("utf-8-sig") == "email,consent_source,consent_at,consent_text,name,locale,time_zone,town\r\n"
    filled = content + f"{make.ANA},Fair,2025-09-12,Yes,Ana,ru,Europe/Berlin,Bremen\r\n".encode()
    [row] = rows(news, filled)
    assert (row.words, row.locale, dict(row.fields)) == ("Yes", "ru", {"town": "Bremen"})


def test_many_lines_are_looked_up_in_few_questions(news: MailingList, django_assert_max_num_queries: Any) -> None:
    content = file(*(f"person{number}@mail.example,{AGREED}" for number in range(2500)))
    with django_assert_max_num_queries(10):
        assert checked(news, content).accepted == 2500
