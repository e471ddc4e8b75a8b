"""At the CMS somebody sees exactly what would go, hands it out once, or has a second person look at it."""

import hashlib
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry

from records.models import AccessEntry, Disclosure, DisclosureOrder, Recipient, SubjectRequest
from records.registry import Ground
from tests import make
from tests.desk import told
from tests.records.disclosing import PDF, account, asked, ben, court, disclose, listed, proposed, vera

LIST, NEW, PROPOSE, ORDERS = (f"/cms/disclosures/{path}" for path in ("", "new/", "propose/", "proposed/"))
EMAIL, WORDS = "records.SubjectRequest.email", "records.SubjectRequest.words"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cms(db: None, clock: Any) -> Client:
    make.site()
    listed(Ground.PURPOSE, Ground.AUTHORITY, Ground.SUCCESSION)
    asked()
    return client_of(vera())


def form(**changes: Any) -> dict[str, Any]:
    said = {"recipient": make.recipient().pk, "ground": "purpose", "reference": "Contract 12", "emails": make.ANA}
    return said | {"columns": [EMAIL, WORDS], "form": "json", "act": "look"} | changes


def previewed(cms: Client, **changes: Any) -> dict[str, Any]:
    """The form as the preview sends it on."""
    page = cms.post(NEW, form(act="preview", **changes))
    assert page.context["step"] == "preview", page.context["form"].errors
    return form(act="hand", key=str(page.context["key"]), seen=page.context["seen"], **changes)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_looking_shows_what_is_there_with_nothing_ticked(cms: Client) -> None:
    page = cms.post(NEW, form(columns=[]))
    content = page.content.decode()
    assert page.context["step"] == "choose"
    assert f'value="{EMAIL}"' in content
    assert "checked" not in re.findall(r'<input type="checkbox"[^>]*>', content)[0]
    assert "records.SubjectRequest.subject" not in content
    assert "home.Inquiry" not in content
    assert not Disclosure.objects.exists()


def test_looking_somebody_up_is_a_reading(cms: Client) -> None:
    cms.post(NEW, form(columns=[]))
    assert AccessEntry.objects.filter(holding="records.SubjectRequest", act="search", count=1).exists()


def test_the_preview_says_the_hash_of_what_then_goes_and_it_goes_once(cms: Client) -> None:
    said = previewed(cms)
    assert not Disclosure.objects.exists()
    answer = cms.post(NEW, said)
    content = body(answer)
    assert hashlib.sha256(content).hexdigest() == said["seen"]
    row = Disclosure.objects.get()
    assert answer["Content-Disposition"] == f'attachment; filename="disclosure-{row.number}.json"'
    assert json.loads(content) == {"records.SubjectRequest": [{"email": make.ANA, "words": "What do you know of me?"}]}
    assert (str(row.pk), row.sha256_sent, row.asked_by_name) == (said["key"], said["seen"], "vera")
    again = cms.post(NEW, said)
    assert "handed out already: disclosure 1" in " ".join(again.context["form"].non_field_errors())
    assert Disclosure.objects.count() == 1


def test_what_changed_since_the_look_does_not_go(cms: Client) -> None:
    said = previewed(cms)
    asked(words="And one thing more.")
    page = cms.post(NEW, said)
    assert page.context["changed"]
    assert page.context["seen"] != said["seen"]
    assert not Disclosure.objects.exists()


def test_one_data_set_goes_as_csv_and_its_formulas_as_text(cms: Client) -> None:
    SubjectRequest.objects.all().delete()
    asked(words="=1+1")
    content = body(cms.post(NEW, previewed(cms, form="csv"))).decode("utf-8-sig")
    assert content.splitlines() == ["email,words", f"{make.ANA},'=1+1"]


def test_what_was_handed_out_is_in_both_logs_without_a_name(cms: Client) -> None:
    body(cms.post(NEW, previewed(cms)))
    [entry] = ModelLogEntry.objects.filter(action="records.disclose")
    assert entry.data["people"] == 1
    assert "Tally Works: a purpose stated" in entry.message
    assert make.ANA not in f"{entry.label} {entry.data}"
    [read] = AccessEntry.objects.filter(act="export")
    assert (read.holding, read.count, read.keys) == (
        "records.SubjectRequest",
        1,
        [str(SubjectRequest.objects.get().pk)],
    )


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"recipient": ""}, "recipient"),
        ({"recipient": 999}, "recipient"),
        ({"ground": "consent"}, "ground"),
        ({"ground": "authority"}, "ground"),
        ({"ground": "x"}, "ground"),
        ({"reference": " "}, "reference"),
        ({"emails": "nobody"}, "emails"),
        ({"emails": "\n".join(f"p{n}@mail.example" for n in range(101))}, "emails"),
        ({"emails": "\0"}, "emails"),
        ({"columns": []}, "__all__"),
        ({"columns": ["records.SubjectRequest.subject"]}, "__all__"),
        ({"columns": ["auth.User.password"]}, "__all__"),
        ({"form": "xml"}, "form"),
        ({"key": "x"}, "key"),
    ],
)
def test_what_the_rules_do_not_let_out_is_refused_with_a_sentence(
    cms: Client, changes: dict[str, Any], where: str
) -> None:
    page = cms.post(NEW, form(act="hand", seen="0" * 64, **changes))
    assert page.status_code == 200
    assert where in page.context["form"].errors
    assert not Disclosure.objects.exists()


def test_nothing_is_stored_about_a_stranger_and_the_screen_says_so(cms: Client) -> None:
    page = cms.post(NEW, form(emails=make.CLEO, act="preview"))
    assert "Nothing is stored about anybody with this address" in page.content.decode()
    assert not Disclosure.objects.exists()


def test_grounds_that_cannot_be_chosen_are_shown_with_why(cms: Client) -> None:
    content = cms.get(NEW).content.decode()
    assert "the person agreed to it, or set their software to allow it: The policy in force does not list" in content
    assert 'value="authority"' not in content


def test_a_recipient_without_a_safeguard_is_warned_of(cms: Client) -> None:
    far = Recipient.objects.create(name="Far Ltd", country="US")
    assert "outside the European Economic Area" in cms.post(NEW, form(recipient=far.pk)).content.decode()


def test_the_register_lists_what_went_and_warns_of_who_is_not_named(cms: Client) -> None:
    assert "Nothing has gone to a third party yet" in cms.get(LIST).content.decode()
    row = disclose()
    content = cms.get(LIST).content.decode()
    assert f'href="/cms/disclosures/{row.pk}/"' in content
    assert "Tally Works received data, and no policy in force names it" in content
    assert f"recipient={row.recipient_id}" not in content
    assert "#1" not in cms.get(f"{LIST}?ground=consent").content.decode()
    exported = body(cms.get(f"{LIST}?export=csv")).decode()
    assert row.sha256 in exported
    assert make.ANA not in exported


def test_a_row_shows_whether_it_is_as_it_was_written(cms: Client) -> None:
    row = disclose()
    page = cms.get(f"/cms/disclosures/{row.pk}/").content.decode()
    assert "This row is as it was written" in page
    assert row.sha256_sent in page
    from tests.records.test_disclosures_chain import as_superuser

    as_superuser("UPDATE records_disclosure SET subjects = 9")
    assert "This row was altered" in cms.get(f"/cms/disclosures/{row.pk}/").content.decode()
    assert "was altered at row 1" in cms.get(LIST).content.decode()


def order_form(**changes: Any) -> dict[str, Any]:
    said = {"recipient": court().pk, "ground": "authority", "reference": "12 C 345/26", "emails": make.ANA}
    return said | {"columns": [WORDS], "document": upload(), "act": "propose"} | changes


def upload(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("Order of 12 March.pdf", content, "application/pdf")


def test_two_people_hand_out_what_a_court_asks_for(cms: Client) -> None:
    answer = cms.post(PROPOSE, order_form(), follow=True)
    order = DisclosureOrder.objects.get()
    assert "somebody else has to look at it" in answer.content.decode()
    address = f"{ORDERS}{order.pk}/"
    cms.post(f"{address}decide/", {"act": "approve"})
    cms.post(f"{address}decide/", {"act": "hand"})
    assert not Disclosure.objects.exists()
    second = client_of(ben())
    page = second.get(address).content.decode()
    for shown in (make.ANA, "12 C 345/26", "District Court", "words", hashlib.sha256(PDF).hexdigest()):
        assert shown in page
    second.post(f"{address}decide/", {"act": "approve"})
    content = body(cms.post(f"{address}decide/", {"act": "hand"}))
    assert json.loads(content) == {"records.SubjectRequest": [{"words": "What do you know of me?"}]}
    assert "handed out once" in told(cms.post(f"{address}decide/", {"act": "hand"}))
    assert Disclosure.objects.get().approved_by_name == "ben"
    assert [entry.action for entry in ModelLogEntry.objects.order_by("timestamp", "pk")][:2] == [
        "records.propose",
        "records.approve_order",
    ]


def test_the_document_comes_back_as_it_was_and_is_not_opened_in_the_cms(cms: Client) -> None:
    order = proposed(User.objects.get(username="vera"))
    answer = cms.get(f"{ORDERS}{order.pk}/document/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="order-{order.pk}.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert AccessEntry.objects.filter(holding="records.DisclosureOrder", act="export", keys=[str(order.pk)]).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"document": ""}, "its document on record"),
        ({"document": upload(b"<html>")}, "neither a whole PDF nor a PNG or JPEG"),
        ({"columns": []}, "Choose at least one column"),
        ({"ground": "purpose"}, "Select a valid choice"),
        ({"emails": "nobody"}, "no e-mail address"),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_a_sentence(
    cms: Client, changes: dict[str, Any], sentence: str
) -> None:
    page = cms.post(PROPOSE, order_form(**changes))
    assert sentence in str(page.context["form"].errors)
    assert not DisclosureOrder.objects.exists()


def test_the_passing_of_the_site_is_proposed_whole(cms: Client) -> None:
    cms.post(PROPOSE, order_form(ground="succession", emails="", columns=[], document=""))
    order = DisclosureOrder.objects.get()
    assert "password" in order.sets["auth.User"]
    assert (order.email, order.subject) == ("", None)
    assert f"--order {order.pk}" in client_of(ben()).get(f"{ORDERS}{order.pk}/").content.decode()


def test_a_refused_one_says_so_and_is_handed_out_by_nobody(cms: Client) -> None:
    order = proposed(User.objects.get(username="vera"))
    second = client_of(ben())
    second.post(f"{ORDERS}{order.pk}/decide/", {"act": "refuse"})
    page = second.get(f"{ORDERS}{order.pk}/").content.decode()
    assert "refused" in page
    assert 'value="hand"' not in page
    assert "refused" in cms.get(ORDERS).content.decode()
    second.post(f"{ORDERS}{order.pk}/decide/", {"act": "whatever"})


@pytest.mark.parametrize(
    ("rights", "open_to"),
    [
        ([], set()),
        (["view_disclosure"], {LIST}),
        (["approve_disclosureorder"], {LIST, ORDERS}),
        (["disclose"], {LIST, NEW, PROPOSE, ORDERS}),
        (["change_recipient", "view_subjectrequest"], set()),
    ],
)
def test_each_screen_takes_its_right(cms: Client, rights: list[str], open_to: set[str]) -> None:
    order, row = proposed(User.objects.get(username="vera")), disclose()
    cleo = client_of(account("cleo", *rights))
    for address in (LIST, NEW, PROPOSE, ORDERS):
        assert (cleo.get(address).status_code == 200) == (address in open_to), address
    assert (cleo.get(f"{LIST}{row.pk}/").status_code == 200) == (LIST in open_to)
    for below in ("", "document/"):
        assert (cleo.get(f"{ORDERS}{order.pk}/{below}").status_code == 200) == (ORDERS in open_to)
    menu = cleo.get("/cms/").content.decode()
    assert ("/cms/disclosures/" in menu) == bool(open_to)
    cleo.post(f"{ORDERS}{order.pk}/decide/", {"act": "hand"})
    assert Disclosure.objects.count() == 1


def test_who_may_not_hand_out_posts_in_vain(cms: Client) -> None:
    cleo = client_of(account("cleo", "view_disclosure"))
    cleo.post(NEW, form(act="hand", seen="0" * 64))
    cleo.post(PROPOSE, order_form())
    assert not Disclosure.objects.exists()
    assert not DisclosureOrder.objects.exists()
