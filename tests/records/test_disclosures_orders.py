"""What a court asks for leaves when a second person has seen what exactly goes, with the document, and once."""

import hashlib
import json
import zlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from PIL import Image

from records import cipher, disclosures, keys
from records.disclosures import Refused, orders, refusals
from records.models import Disclosure, DisclosureOrder, Recipient
from records.registry import Ground
from tests import make
from tests.committed import together
from tests.records.disclosing import PDF, REQUESTS, account, asked, ben, disclose, listed, proposed, vera

State = DisclosureOrder.State


@pytest.fixture
def court_asks(db: None) -> User:
    """Something about Ana is there, a policy lists every ground; returns Vera, who may hand out."""
    listed(*Ground)
    asked()
    asked(make.BEN)
    return vera()


def approved(by: User, **changes: Any) -> DisclosureOrder:
    order = proposed(by, **changes)
    orders.approve(order=order, by=ben(), now=make.NOW)
    return DisclosureOrder.objects.get(pk=order.pk)


def test_proposed_approved_by_another_handed_out_once(court_asks: User) -> None:
    order = approved(court_asks)
    row = orders.hand_out(order=order, by=court_asks, now=make.NOW)
    with row.file as file:
        told = json.load(file)
    assert told == {"records.SubjectRequest": [{"email": make.ANA, "words": "What do you know of me?"}]}
    assert (row.ground, row.reference, row.subjects) == ("authority", "12 C 345/26", 1)
    assert row.document_sha256 == hashlib.sha256(PDF).hexdigest()
    assert (row.asked_by_name, row.approved_by_name) == ("vera", "ben")
    order.refresh_from_db()
    assert (order.state, order.disclosure) == (State.DONE, row)
    with pytest.raises(Refused, match="handed out once"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)
    assert list(disclosures.faults()) == []


def test_who_proposed_it_cannot_approve_it(court_asks: User) -> None:
    court_asks.user_permissions.add(Permission.objects.get(codename="approve_disclosureorder"))
    both = User.objects.get(pk=court_asks.pk)
    order = proposed(both)
    with pytest.raises(Refused, match="You proposed this yourself"):
        orders.approve(order=order, by=both, now=make.NOW)
    with pytest.raises(Refused, match="second person has not approved"):
        orders.hand_out(order=order, by=both, now=make.NOW)


def test_a_row_that_says_the_same_person_did_both_hands_out_nothing(court_asks: User) -> None:
    order = proposed(court_asks)
    DisclosureOrder.objects.update(state=State.APPROVED, decided_by=court_asks)
    order.refresh_from_db()
    with pytest.raises(Refused, match="second person has not approved"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)


def test_without_the_right_nobody_proposes_approves_or_hands_out(court_asks: User) -> None:
    cleo = account("cleo", "view_disclosure")
    with pytest.raises(Refused, match="You may not hand out"):
        proposed(cleo)
    order = proposed(court_asks)
    with pytest.raises(Refused, match="You may not approve"):
        orders.approve(order=order, by=cleo, now=make.NOW)
    orders.approve(order=order, by=ben(), now=make.NOW)
    order.refresh_from_db()
    with pytest.raises(Refused, match="You may not hand out"):
        orders.hand_out(order=order, by=cleo, now=make.NOW)


def test_an_approval_lapses_with_the_approvers_right_and_account(court_asks: User) -> None:
    order = approved(court_asks)
    User.objects.get(username="ben").user_permissions.clear()
    with pytest.raises(Refused, match="may not approve any more"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)
    User.objects.get(username="ben").delete()
    with pytest.raises(Refused, match="may not approve any more"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)


def test_refused_stays_refused(court_asks: User) -> None:
    order, second = proposed(court_asks), ben()
    orders.turn_down(order=order, by=second, now=make.NOW)
    with pytest.raises(Refused, match="decided already: refused"):
        orders.approve(order=order, by=second, now=make.NOW)
    order.refresh_from_db()
    with pytest.raises(Refused, match="second person has not approved"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)


def test_a_court_brings_a_document(court_asks: User) -> None:
    with pytest.raises(Refused, match="its document on record"):
        proposed(court_asks, document=b"")
    order = approved(court_asks)
    DisclosureOrder.objects.update(document_sha256="")
    with pytest.raises(Refused, match="its document on record"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)


def test_only_what_was_approved_goes(court_asks: User) -> None:
    order = approved(court_asks)
    changes: list[dict[str, Any]] = [
        {"sets": {"records.SubjectRequest": ["email", "words", "locale"]}},
        {"recipient": make.recipient()},
        {"ground": Ground.SUCCESSION},
    ]
    for change in changes:
        said = {"recipient": order.recipient, "ground": Ground.AUTHORITY, "sets": REQUESTS, "order": order} | change
        with pytest.raises(Refused, match="not what was approved"):
            disclose(by=court_asks, **said)


def test_the_ground_still_counts_when_it_is_approved_and_handed_out(court_asks: User) -> None:
    order, second = proposed(court_asks), ben()
    later = make.NOW + timedelta(days=1)
    listed(Ground.CONSENT, at=later, number=2)
    with pytest.raises(Refused, match="does not list this ground"):
        orders.approve(order=order, by=second, now=later)
    orders.approve(order=order, by=second, now=make.NOW)
    order.refresh_from_db()
    with pytest.raises(Refused, match="does not list this ground"):
        orders.hand_out(order=order, by=court_asks, now=later)


@pytest.mark.parametrize("ground", [Ground.CONSENT, Ground.PURPOSE])
def test_what_one_person_may_do_alone_is_not_proposed(court_asks: User, ground: Ground) -> None:
    with pytest.raises(Refused, match="without a second person"):
        proposed(court_asks, ground=ground)


def test_secrets_are_not_proposed_but_with_the_whole_site(court_asks: User) -> None:
    sets = {"auth.User": ["username", "password"]}
    with pytest.raises(Refused, match="is a secret"):
        proposed(court_asks, sets=sets)
    order = proposed(court_asks, ground=Ground.SUCCESSION, sets=sets, email="", document=b"")
    orders.approve(order=order, by=ben(), now=make.NOW)
    order.refresh_from_db()
    with pytest.raises(Refused, match=f"manage.py transfer_site, with this number: {order.pk}"):
        orders.hand_out(order=order, by=court_asks, now=make.NOW)


def test_everybodys_rows_go_where_nobody_is_named(court_asks: User) -> None:
    row = orders.hand_out(order=approved(court_asks, email=""), by=court_asks, now=make.NOW)
    with row.file as file:
        told = json.load(file)
    assert {each["email"] for each in told["records.SubjectRequest"]} == {make.ANA, make.BEN}
    assert row.subjects == 2


def picture(form: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, form)
    return file.getvalue()


@pytest.mark.parametrize(
    ("document", "kind"),
    [(PDF, "application/pdf"), (picture("PNG"), "image/png"), (picture("JPEG"), "image/jpeg")],
    ids=["pdf", "png", "jpeg"],
)
def test_a_document_is_known_by_its_content(document: bytes, kind: str) -> None:
    assert orders.kind_of(document) == kind


@pytest.mark.parametrize(
    "document",
    [
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7 without an end",
        b"MZ\x90\x00" + PDF,
        picture("PNG")[:-20],
        picture("GIF"),
        b"\x89PNG\r\n\x1a\n",
        zlib.compress(PDF),
        b"%PDF-" + b"a" * orders.LARGEST + b"%%EOF",
    ],
    ids=["html", "cut pdf", "program", "cut png", "gif", "png head", "packed", "large"],
)
def test_what_is_no_document_is_not_taken(document: bytes) -> None:
    with pytest.raises(Refused, match="The document is"):
        orders.kind_of(document)


def test_the_document_is_sealed_and_outlives_the_person_it_is_about(court_asks: User) -> None:
    order = proposed(court_asks)
    with connection.cursor() as cursor:
        cursor.execute("SELECT o::text FROM records_disclosureorder o")
        [written] = cursor.fetchone()
    assert PDF.hex() not in written
    assert make.ANA not in written
    order.refresh_from_db()
    assert orders.document(order) == PDF
    assert order.email == make.ANA
    keys.shred(cipher.blind("email", make.ANA))
    after = DisclosureOrder.objects.get()
    assert orders.document(after) == PDF
    assert after.email == "(erased)"


def test_two_who_hand_it_out_at_once_hand_it_out_once(committed: None) -> None:
    listed(*Ground)
    asked()
    by = vera()
    order = approved(by)

    def act() -> str:
        try:
            orders.hand_out(order=order, by=by, now=make.NOW).file.close()
        except Refused as refused:
            return str(refused)
        return "handed out"

    told = together(*[act] * 8)
    assert sorted(told)[-1] == "handed out"
    assert told.count("handed out") == 1
    assert Disclosure.objects.count() == 1


@pytest.mark.django_db
def test_two_kinds_of_ground_take_two_people() -> None:
    assert refusals.SECOND_PERSON == (Ground.AUTHORITY, Ground.SUCCESSION)
    assert Recipient._meta.get_field("asks").default is False
