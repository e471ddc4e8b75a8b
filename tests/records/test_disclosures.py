"""Nothing reaches a third party but by the register, and what the rules keep back is kept back with a sentence."""

import hashlib
import uuid
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from records import disclosures
from records.cipher import blind
from records.disclosures import Refused, contents, refusals
from records.models import DisclosedSubject, Disclosure, Recipient
from records.registry import Ground
from tests import make
from tests.records.disclosing import REQUESTS, account, asked, disclose, listed, vera

pytestmark = pytest.mark.django_db


def refused(**changes: Any) -> str:
    """The sentence; and nothing is on record."""
    before = Disclosure.objects.count()
    with pytest.raises(Refused) as raised:
        disclose(**changes)
    assert Disclosure.objects.count() == before
    assert DisclosedSubject.objects.values("disclosure").distinct().count() == before
    return str(raised.value)


def test_what_goes_to_whom_on_which_ground_is_on_record_and_comes_back_as_a_file() -> None:
    listed(Ground.PURPOSE)
    by = vera()
    row = disclosures.disclose(
        recipient=make.recipient(),
        ground=Ground.PURPOSE,
        sets={"records.SubjectRequest": ["words", "email"]},
        people=[make.ANA, " ANA@mail.example", make.BEN],
        means="file download",
        content=b"Ana, Ben",
        asked_by=by,
        reference="Contract 12",
        now=make.NOW,
    )
    with row.file as file:
        assert file.read() == b"Ana, Ben"
    stored = Disclosure.objects.get()
    assert stored.sets == {"records.SubjectRequest": ["email", "words"]}
    assert (stored.recipient_name, stored.recipient_country, stored.ground) == ("Tally Works", "NL", "purpose")
    assert (stored.sha256_sent, stored.bytes_sent) == (hashlib.sha256(b"Ana, Ben").hexdigest(), 8)
    assert (stored.policy, stored.version, stored.stated_by) == (uuid.UUID(int=7), 1, "Policy")
    assert (stored.asked_by, stored.asked_by_name, stored.approved_by) == (by, "vera", None)
    assert (stored.number, stored.subjects, stored.reference, stored.at) == (1, 2, "Contract 12", make.NOW)
    named = {bytes(subject) for subject in stored.people.values_list("subject", flat=True)}
    assert named == {blind("email", make.ANA), blind("email", make.BEN)}


def test_what_writes_itself_is_hashed_as_it_was_written() -> None:
    listed(Ground.PURPOSE)
    row = disclose(content=lambda file: file.write(b"a" * 3_000_000))
    assert (row.sha256_sent, row.bytes_sent) == (hashlib.sha256(b"a" * 3_000_000).hexdigest(), 3_000_000)


def test_without_a_ground_in_force_nothing_goes() -> None:
    assert "No policy in force lists a ground" in refused()
    listed(Ground.CONSENT)
    for ground in (Ground.PURPOSE, "", "whatever"):
        assert "does not list this ground" in refused(ground=ground)


def test_a_version_not_yet_in_force_is_no_ground() -> None:
    listed(Ground.CONSENT)
    listed(Ground.PURPOSE, at=make.NOW + timedelta(days=31), number=2)
    assert "takes force on 2026-04-01 12:00 UTC; until then it is none" in refused()
    assert disclose(now=make.NOW + timedelta(days=31)).version == 2


def test_a_version_that_no_longer_lists_it_ends_a_ground() -> None:
    listed(Ground.PURPOSE)
    listed(Ground.CONSENT, at=make.NOW, number=2)
    assert disclose(now=make.NOW - timedelta(microseconds=1)).version == 1
    assert "does not list this ground" in refused()


def test_nobody_who_is_not_among_the_recipients_gets_anything() -> None:
    listed(Ground.PURPOSE)
    assert "not among the recipients" in refused(recipient=Recipient(name="Somebody"))
    gone = make.recipient("Gone Ltd")
    Recipient.objects.filter(pk=gone.pk).delete()
    assert "not among the recipients" in refused(recipient=gone)


@pytest.mark.parametrize(
    ("sets", "sentence"),
    [
        ({}, "Nothing was chosen"),
        ({"records.SubjectRequest": []}, "Nothing was chosen"),
        ({"home.Nothing": ["email"]}, "does not declare home.Nothing"),
        ({"records.SubjectRequest": ["email", "shoe_size"]}, "does not declare shoe_size"),
        ({"auth.User": ["username", "password"]}, "password of “Accounts of the CMS” is a secret"),
        ({"records.SubjectRequest": ["subject"]}, "subject of .* is a secret"),
        ({"sessions.Session": ["session_key"]}, "session_key"),
    ],
)
def test_what_is_not_declared_or_is_a_secret_stays(sets: dict[str, list[str]], sentence: str) -> None:
    listed(Ground.PURPOSE)
    with pytest.raises(Refused, match=sentence):
        disclose(sets=sets)
    assert not Disclosure.objects.exists()


def test_an_account_without_the_right_hands_out_nothing() -> None:
    listed(Ground.PURPOSE)
    assert "You may not hand out data" in refused(by=account("cleo", "view_disclosure"))
    assert disclose(by=vera()).asked_by_name == "vera"


def test_a_file_about_nobody_is_none() -> None:
    listed(Ground.PURPOSE)
    assert "nobody's data" in refused(people=[])
    assert disclose(people=[], unnamed=3).subjects == 3


def test_the_same_form_sent_twice_hands_out_once() -> None:
    listed(Ground.PURPOSE)
    key = uuid.uuid4()
    disclose(key=key)
    assert "handed out already: disclosure 1" in refused(key=key)


def test_what_fails_while_it_is_made_leaves_nothing_behind() -> None:
    listed(Ground.PURPOSE)
    files: list[Any] = []

    def content(file: Any) -> None:
        files.append(file)
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        disclose(content=content)
    assert files[0].closed
    assert not Disclosure.objects.exists()


@pytest.fixture
def agreeing(monkeypatch: pytest.MonkeyPatch) -> dict[str, uuid.UUID]:
    """Who agrees to share, and by which decision; the rest does not."""
    known: dict[str, uuid.UUID] = {}
    monkeypatch.setattr(refusals, "_asked", {})
    disclosures.consents(
        lambda recipient, people, at: {email: known[email] for email in people if email in known}, covers=REQUESTS
    )
    return known


def test_on_consent_one_person_without_it_keeps_everything_here(agreeing: dict[str, uuid.UUID]) -> None:
    listed(Ground.CONSENT)
    agreeing[make.ANA] = uuid.uuid4()
    sentence = refused(ground=Ground.CONSENT, people=[make.ANA, make.BEN, make.CLEO])
    assert sentence == "2 of 3 people have not agreed that Tally Works gets their data, so nothing leaves."
    assert make.BEN not in sentence


def test_on_consent_each_person_stands_with_their_decision(agreeing: dict[str, uuid.UUID]) -> None:
    listed(Ground.CONSENT)
    agreeing |= {make.ANA: uuid.uuid4(), make.BEN: uuid.uuid4()}
    row = disclose(ground=Ground.CONSENT, people=[make.ANA, make.BEN.upper()])
    given = {bytes(subject): consent for subject, consent in row.people.values_list("subject", "consent")}
    assert given == {blind("email", email): decision for email, decision in agreeing.items()}


def test_a_consent_covers_what_its_words_speak_of(agreeing: dict[str, uuid.UUID]) -> None:
    listed(Ground.CONSENT)
    agreeing[make.ANA] = uuid.uuid4()
    sentence = refused(ground=Ground.CONSENT, sets={"records.SubjectRequest": ["email", "locale"]})
    assert sentence.startswith("locale of “Requests of people about their data” is not part of what people are asked")
    assert disclose(ground=Ground.CONSENT).subjects == 1


def test_without_any_floor_that_knows_consents_none_is_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "_asked", {})
    listed(Ground.CONSENT)
    assert "not part of what people are asked" in refused(ground=Ground.CONSENT)


@pytest.mark.parametrize("ground", [Ground.AUTHORITY, Ground.SUCCESSION])
def test_what_takes_two_people_is_not_done_by_one(ground: Ground) -> None:
    listed(*Ground)
    assert "handed out by two people" in refused(ground=ground, by=make.vera())


@pytest.mark.parametrize(
    ("country", "safeguard", "said"),
    [
        ("NL", "", ""),
        ("NO", "", ""),
        ("US", "", "outside the European Economic Area"),
        ("GB", "", "no safeguard is recorded"),
        ("US", "standard contractual clauses", ""),
        ("", "", "not known in which country"),
    ],
)
def test_who_hands_out_is_warned_of_a_country_without_a_safeguard(country: str, safeguard: str, said: str) -> None:
    found = disclosures.warnings(Recipient(name="Tally", country=country, safeguard=safeguard))
    assert said in " ".join(found)
    assert bool(found) == bool(said)


def test_sealed_columns_leave_as_what_was_written() -> None:
    asked()
    asked(make.BEN, "=1+1")
    file = BytesIO()
    wanted = contents.Wanted(REQUESTS, [make.ANA], make.NOW)
    assert contents.write(wanted, file) == {"records.SubjectRequest": 1}
    assert list(contents.people(wanted)) == [make.ANA]
    assert b'{"email": "ana@mail.example", "words": "What do you know of me?"}' in file.getvalue()
    assert b"ben@" not in file.getvalue()
