"""What does the guide say of an empty site, of one on its way, and of one whose policy is published?"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import Locale, ModelLogEntry, Page, Site

from consent import catalogue
from consent.models import Scan, Service
from home import first_run
from home.first_run import Step, model_policy
from home.models import Appearance, FormPage, HomePage
from policies.models import PolicyPage
from records.models import Controller, Term
from tests import desk, make

pytestmark = pytest.mark.django_db
OWNER = {"name": "Quay Ltd", "email": "privacy@quay.example", "address": "9 Quay", "phone": ""}


def default() -> Site:
    found = first_run.default_site()
    assert found
    return found


def progress() -> first_run.Progress:
    return first_run.of_site(default(), now=timezone.now())


@pytest.fixture
def vera(client: Client) -> Client:
    client.force_login(make.vera())
    return client


def test_an_empty_database_begins_with_its_site() -> None:
    found = progress()
    assert found.next == Step.SITE
    assert not any(found.is_done(step) for step in first_run.STEPS)


def test_the_site_is_made_in_place_of_the_welcome_page_and_put_on_record() -> None:
    user = make.vera()
    home = first_run.set_up(site=default(), owner=OWNER, languages=["ru"], time_zone="Europe/Berlin", by=user)
    assert default().root_page_id == home.pk
    assert not Page.objects.filter(title__startswith="Welcome").exists()
    assert Controller.objects.get().name == "Quay Ltd"
    assert Appearance.objects.get().time_zone == "Europe/Berlin"
    assert set(FormPage.objects.live().values_list("locale__language_code", flat=True)) == {"en", "ru"}
    assert HomePage.objects.live().count() == 2
    assert {"Controller", "Site"} <= {
        entry.content_type.model_class().__name__ for entry in ModelLogEntry.objects.all()
    }
    assert registry.get_logs_for_instance(home).filter(action="wagtail.publish", user=user).exists()
    assert progress().next == Step.POLICY


def test_a_welcome_page_that_somebody_has_touched_stays() -> None:
    welcome = default().root_page
    welcome.save_revision()
    first_run.set_up(site=default(), owner=OWNER, by=make.vera())
    assert Page.objects.filter(pk=welcome.pk).exists()


def test_a_site_is_set_up_once() -> None:
    user = make.vera()
    first_run.set_up(site=default(), owner=OWNER, by=user)
    with pytest.raises(first_run.AlreadyThere):
        first_run.set_up(site=default(), owner=OWNER, by=user)
    assert HomePage.objects.count() == 1


def test_a_home_page_that_is_there_gets_its_owner_and_no_second_page() -> None:
    home = make.site()
    Controller.objects.all().delete()
    assert first_run.set_up(site=default(), owner=OWNER, by=make.vera()).pk == home.pk
    assert HomePage.objects.count() == 1


def test_the_model_is_a_policy_whose_terms_the_site_acts_on(vera: Client) -> None:
    make.site()
    vera.post(reverse("first_run:policy"), {"way": "model"})
    page = PolicyPage.objects.get()
    assert not page.live
    page.save_revision().publish()
    kept = set(Term.objects.filter(kind="retention").values_list("key", flat=True))
    assert {"home.Inquiry", "consent.Decision", "records.Action", "mailing.Subscription"} <= kept
    assert Term.objects.filter(kind="purpose", key="promotion").exists() or Term.objects.filter(kind="purpose").exists()


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_the_model_leaves_no_place_without_its_clauses(language: str) -> None:
    draft = model_policy.written(language)
    words = " ".join(str(block["value"].get("text", "")) for block in draft.body)
    assert "[" not in words
    assert {"data", "purposes", "services", "grounds", "contact"} <= {block["type"] for block in draft.body}


def test_steps_follow_what_is_there() -> None:
    home = make.site()
    assert progress().next == Step.POLICY
    make.policy(home, live=False)
    assert progress().next == Step.SERVICES
    make.catalogue_of_one(timezone.now())
    assert progress().next == Step.PUBLISH
    PolicyPage.objects.get().save_revision().publish()
    assert progress().is_done(Step.PUBLISH)
    assert progress().next == Step.SCAN
    times = {"started_at": timezone.now(), "finished_at": timezone.now()}
    report = {"things": [], "skipped": {}, "unreachable": {}, "pages": []}
    Scan.objects.create(site=default(), pages=1, undeclared=0, misplaced=0, report=report, **times)
    assert progress().next is None


def test_an_announced_policy_counts_as_published() -> None:
    page = make.policy(make.site(), live=False)
    page.go_live_at = timezone.now() + timedelta(days=30)
    page.save_revision().publish()
    found = progress()
    assert found.is_published
    assert not found.in_force


def test_a_site_without_services_says_so_by_publishing() -> None:
    make.site()
    catalogue.publish(site=default(), now=timezone.now())
    assert not Service.objects.exists()
    assert progress().is_done(Step.SERVICES)


def test_the_first_page_of_the_cms_shows_the_next_step_until_a_policy_is_published(vera: Client) -> None:
    address = reverse("wagtailadmin_home")
    assert reverse("first_run:site") in vera.get(address).content.decode()
    page = make.policy(make.site(), live=False)
    assert "First steps" in vera.get(address).content.decode()
    page.save_revision().publish()
    assert 'id="first-run"' not in vera.get(address).content.decode()


def test_whoever_does_not_want_the_panel_dismisses_it(vera: Client) -> None:
    vera.patch(reverse("wagtailadmin_dismissibles"), {"candor-first-run": True}, content_type="application/json")
    assert reverse("first_run:site") not in vera.get(reverse("wagtailadmin_home")).content.decode()


def test_the_form_sets_up_the_site_and_leads_back_to_the_guide(vera: Client) -> None:
    said = {**OWNER, "tagline": "Cranes.", "time_zone": "", "languages": ["ru"]}
    answer = vera.post(reverse("first_run:site"), said)
    assert answer["Location"] == reverse("first_run:index")
    assert "Quay Ltd has a home page" in desk.told(answer)
    assert Locale.objects.filter(language_code="ru").exists()
    assert vera.get("/contact/").status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "nobody"}, {"time_zone": "Here/There"}, {"languages": ["xx"]}]
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(vera: Client, wrong: dict[str, object]) -> None:
    answer = vera.post(reverse("first_run:site"), {**OWNER, **wrong})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == wrong.keys()
    assert not HomePage.objects.exists()
    assert not Controller.objects.exists()


def test_without_the_right_to_the_whole_site_nobody_sets_one_up() -> None:
    client = desk.signed_in("change_controller")
    assert client.get(reverse("first_run:index")).status_code == 200
    assert client.get(reverse("first_run:site")).status_code == 302
    assert "Set up the site" not in client.get(reverse("first_run:index")).content.decode()


def test_whoever_takes_no_step_does_not_see_the_guide() -> None:
    client = desk.signed_in("view_inquiry")
    assert client.get(reverse("first_run:index")).status_code == 302
    assert "first-run" not in client.get(reverse("wagtailadmin_home")).content.decode()


SCREENS = ("first_run:index", "first_run:site", "first_run:policy", "consent_services:pick")


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("Editor", {"first_run:index", "first_run:policy", "consent_services:pick"}),
        ("Privacy officer", {"first_run:index", "consent_services:pick"}),
        ("Marketer", set()),
        ("Support", set()),
    ],
)
def test_each_role_sees_the_steps_it_takes(client: Client, role: str, shown: set[str]) -> None:
    make.site()
    user = User.objects.create_user("kim")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    assert {name for name in SCREENS if client.get(reverse(name)).status_code == 200} == shown
