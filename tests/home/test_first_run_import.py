"""What becomes of a file that somebody brings as their policy, and of one that is none?"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import UploadedFile

from policies.importing import drafts
from policies.models import PolicyPage
from tests import desk, make

pytestmark = pytest.mark.django_db
TEXT = b"House rules\n\n1. Dogs\n\n1.1 Dogs may come in.\n\n1.3 Messages are kept for a year.\n"


@pytest.fixture
def vera(client: Client) -> Client:
    client.force_login(make.vera())
    return client


@pytest.fixture(autouse=True)
def _site(db: None, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    make.site()


def send(client: Client, content: bytes = TEXT, name: str = "policy.txt") -> object:
    return client.post(reverse("first_run:policy"), {"file": SimpleUploadedFile(name, content)})


def check() -> str:
    return reverse("first_run:check", args=[UploadedFile.objects.get().pk])


def test_a_file_is_looked_through_before_anything_is_saved(vera: Client) -> None:
    assert send(vera)["Location"] == check()  # type: ignore[index]
    assert not PolicyPage.objects.exists()
    shown = vera.get(check()).content.decode()
    assert "is numbered 1.3 in the file and 1.2 by its place" in shown
    assert "Dogs may come in." in shown


def test_saved_it_is_a_draft_and_the_file_is_gone(vera: Client) -> None:
    send(vera)
    answer = vera.post(check(), {"act": "save"})
    page = PolicyPage.objects.get()
    assert (page.title, page.slug, page.live) == ("House rules", "privacy", False)
    assert page.get_latest_revision().user
    assert "saved as a draft" in desk.told(answer)
    assert not UploadedFile.objects.exists()
    assert vera.get("/privacy/").status_code == 404


def test_forgotten_it_leaves_nothing(vera: Client) -> None:
    send(vera)
    vera.post(check(), {"act": "forget"})
    assert not PolicyPage.objects.exists()
    assert not UploadedFile.objects.exists()


def test_another_file_becomes_the_next_draft_of_the_policy_that_is_there(vera: Client) -> None:
    page = make.policy(make.HomePage.objects.get())
    send(vera)
    vera.post(check(), {"act": "save"})
    page.refresh_from_db()
    assert page.title == "Privacy policy"
    assert page.get_latest_revision_as_object().title == "House rules"
    assert page.versions.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "policy.txt", "The file is empty"),
        (b"   \n\n", "policy.txt", "no text"),
        (b"%PDF-1.7 ...", "policy.txt", "This is not a text file but a PDF"),
        (b"PK\x03\x04" + bytes(64), "policy.md", "This is not a text file"),
        (bytes(range(256)) * 4, "policy.txt", "not"),
        ("Мы храним это год.".encode("cp1251"), "policy.txt", "looks like Windows-1251"),
        ("Wir behalten es für Jahre.".encode("latin-1"), "policy.txt", "Latin-1"),
        (b"House rules\0\n\n1. Dogs", "policy.txt", "NUL"),
        (TEXT, "policy.docx", "Choose a file that ends in .txt"),
        (TEXT, "../../policy.exe", "Choose a file that ends in .txt"),
        (b"a" * (drafts.LARGEST + 1), "policy.txt", "larger than 1 MB"),
        (b"<div>" * 400 + b"x", "policy.html", "HTML"),
    ],
)
def test_what_is_no_policy_is_refused_with_a_sentence(vera: Client, content: bytes, name: str, says: str) -> None:
    answer = send(vera, content, name)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert says in " ".join(answer.context["form"].errors["file"])  # type: ignore[attr-defined]
    assert not UploadedFile.objects.exists()
    assert not PolicyPage.objects.exists()


def test_without_a_file_the_screen_says_so(vera: Client) -> None:
    answer = vera.post(reverse("first_run:policy"), {})
    assert answer.context["form"].errors.keys() == {"file"}


def test_markup_in_a_file_is_shown_as_text(vera: Client) -> None:
    send(vera, b"House rules\n\n1. <script>alert(1)</script> may not run.\n")
    assert "<script>alert(1)" not in vera.get(check()).content.decode()


def test_a_page_of_another_kind_at_the_address_is_left_alone(vera: Client) -> None:
    home = make.HomePage.objects.get()
    home.add_child(instance=make.FormPage(title="Privacy", slug="privacy", thanks="x"))
    send(vera)
    answer = vera.post(check(), {"act": "save"})
    assert "is another page" in desk.told(answer)
    assert not PolicyPage.objects.exists()


def test_the_model_is_not_put_over_a_policy_that_is_there(vera: Client) -> None:
    page = make.policy(make.HomePage.objects.get())
    before = page.latest_revision_id
    vera.post(reverse("first_run:policy"), {"way": "model"})
    page.refresh_from_db()
    assert page.latest_revision_id == before


@pytest.mark.parametrize("way", [{}, {"way": "model"}])
def test_whoever_may_add_no_page_brings_no_policy(way: dict[str, str]) -> None:
    client = desk.signed_in("change_controller")
    assert client.get(reverse("first_run:policy")).status_code == 302
    assert client.post(reverse("first_run:policy"), way).status_code == 302
    assert not PolicyPage.objects.exists()


def test_an_upload_that_is_no_policy_is_not_shown(vera: Client) -> None:
    other = UploadedFile.objects.create(file=SimpleUploadedFile("later.txt", TEXT))
    assert vera.get(reverse("first_run:check", args=[other.pk])).status_code == 404


def test_before_there_is_a_site_the_guide_comes_first(vera: Client) -> None:
    site = make.Site.objects.get()
    site.root_page = make.Page.objects.get(depth=1)
    site.save()
    assert vera.get(reverse("first_run:policy"))["Location"] == reverse("first_run:index")
