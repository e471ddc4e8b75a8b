"""What may each role do in the CMS? Every address is asked in every role; tests/cms/roles.txt says what is meant."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from wagtail.models import GroupPagePermission

from tests.cms import crawl
from tests.cms.crawl import ROLES, WHO

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(600),  # some hundred pages a role, on machines that do something else as well
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),  # Wagtail's, of pictures kept in memory
]
TABLE = Path(__file__).with_name("roles.txt")
LETTERS = dict(zip(WHO, "-EMPS*", strict=True))
VISITORS = ("inquiries", "entries", "subject_requests", "consent_decisions", "readings", "holds", "disclosures")
AUDIENCE = ("subscribers", "suppressions", "imports", "mail_results", "mail_queue")
EVIDENCE = ("data_map", "ropa", "readings", "consent_ledger", "consent_published", "holds", "retention_runs")
STAFF = ("wagtailusers_users", "wagtailusers_groups", "wagtailsites", "wagtaillocales")
OPEN = {"readings:why"}  # asks whoever reads for a reason; shows nothing


def table() -> dict[str, set[str]]:
    """By address: the letters of those to whom it is shown."""
    lines = (line.rpartition("  ") for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#")
    return {name.strip(): set(letters) - {".", " "} for name, _, letters in lines}


def line(name: str, letters: set[str]) -> str:
    return f"{name:<76}  {' '.join(letter if letter in letters else '.' for letter in LETTERS.values())}"


@pytest.mark.parametrize("who", WHO)
def test_each_address_is_shown_to_whom_the_table_says(who: str) -> None:
    letter, meant, found = LETTERS[who], table(), crawl.known(who)
    wrong = []
    for name in sorted(found.statuses.keys() | meant.keys()):
        is_shown, letters = name in found.shown, meant.get(name, set())
        if name not in found.statuses:
            wrong.append(f"is gone: {name}")
        elif name not in meant or is_shown != (letter in letters):
            wrong.append(line(name, letters | {letter} if is_shown else letters - {letter}))
    assert not wrong, f"In tests/cms/roles.txt, if that is meant for {who}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_asking_changes_nothing_and_breaks_nothing(who: str) -> None:
    found = crawl.known(who)
    assert not found.changed
    broken = {name for name, status in found.statuses.items() if status >= 500}
    assert broken <= {"wagtailredirects:process_import"}, "posted to without a file, Wagtail's own import stumbles"


def shown(who: str, spaces: tuple[str, ...]) -> set[str]:
    return {name for name in crawl.known(who).shown if name.split(":")[0] in spaces} - OPEN


def test_a_stranger_finds_the_way_in_and_nothing_else() -> None:
    assert {name for name in crawl.known("nobody").shown if ":" in name} == set()
    assert "wagtailadmin_login" in crawl.known("nobody").shown
    assert "wagtailadmin_home" not in crawl.known("nobody").shown


@pytest.mark.parametrize("who", ["Editor", "Marketer"])
def test_who_writes_reads_nothing_of_visitors(who: str) -> None:
    assert shown(who, VISITORS) == set()


def test_an_editor_reads_nothing_of_subscribers() -> None:
    assert shown("Editor", AUDIENCE) == set()


def test_support_answers_people_and_sees_no_audience() -> None:
    assert shown("Support", (*AUDIENCE, *EVIDENCE)) == set()
    assert {"inquiries:inspect", "inquiries:answer"} <= crawl.known("Support").shown
    assert "inquiries:delete" not in crawl.known("Support").shown


def test_support_reads_requests_and_leaves_them_to_the_privacy_officer() -> None:
    read = {"subject_requests:index", "subject_requests:index_results", "subject_requests:inspect"}
    assert shown("Support", ("subject_requests",)) == read
    assert read < shown("Privacy officer", ("subject_requests",))


def test_a_marketer_reads_the_audience_and_does_not_change_it() -> None:
    assert shown("Marketer", ("subscribers",)) == {
        *("subscribers:index", "subscribers:index_results", "subscribers:inspect", "subscribers:search")
    }


@pytest.mark.parametrize("who", ROLES)
def test_no_role_gives_roles(who: str) -> None:
    assert shown(who, STAFF) == set()
    assert not {name for name in crawl.known(who).shown if name.startswith("wagtail_bulk_action(auth")}


@pytest.mark.parametrize("who", sorted(set(ROLES) - {"Privacy officer"}))
def test_what_retention_did_and_who_read_what_is_for_the_privacy_officer(who: str) -> None:
    assert shown(who, EVIDENCE) == set()


@pytest.mark.parametrize("space", [*VISITORS, *EVIDENCE])
def test_the_privacy_officer_finds_a_screen_of_each(space: str) -> None:
    assert shown("Privacy officer", (space,))


def test_roles_are_made_again_without_taking_anything_away() -> None:
    editor, extra = Group.objects.get(name="Editor"), Permission.objects.get(codename="view_inquiry")
    before = set(editor.permissions.values_list("codename", flat=True))
    editor.permissions.set([extra])
    Group.objects.get(name="Support").delete()
    _make_again()
    assert set(editor.permissions.values_list("codename", flat=True)) == before | {"view_inquiry"}
    assert Group.objects.get(name="Support").permissions.filter(codename="answer_inquiry").exists()
    assert GroupPagePermission.objects.filter(group=editor).count() == 5


def test_wagtails_own_groups_are_left_alone() -> None:
    for name in ("Editors", "Moderators"):
        apps = set(Group.objects.get(name=name).permissions.values_list("content_type__app_label", flat=True))
        assert apps == {"wagtailadmin", "wagtaildocs", "wagtailimages"}


def _make_again() -> None:
    roles = import_module("cms.migrations.0001_roles")
    with connection.schema_editor(atomic=False) as editor:
        roles.give(apps, editor)


def test_no_user_has_a_role_by_itself() -> None:
    assert not User.objects.filter(groups__name__in=ROLES).exists()
