"""What does an editor see of a policy's versions, of its history, and of its translations?"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage, PolicyRendition, PolicyVersion
from tests import desk, make
from tests.policies import editing, translating

LATER = make.NOW + timedelta(days=10)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.policy(home, "We keep nothing.")


def tab(cms: Client, page: PolicyPage) -> Any:
    """The tab “Versions” of the editor."""
    editor = BeautifulSoup(cms.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).content, "html.parser")
    found = editor.find(id="tab-versions")
    assert found, "the editor has a tab for versions"
    return found


def lines(cms: Client, page: PolicyPage) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in tab(cms, page).select("tbody tr")]


def links(cms: Client, page: PolicyPage) -> list[dict[str, str]]:
    """By row: what its links are called, and where they lead."""
    rows = tab(cms, page).select("tbody tr")
    return [{" ".join(link.get_text().split()): link["href"] for link in row.select("a")} for row in rows]


def test_it_lists_pending_in_force_and_past(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Less.", note="Shorter.")
    page = make.revise(page, "Even less.", at=LATER, material=True)
    third, second, first = lines(cms, page)
    assert third.startswith("3 pending material change 11 March 2026, 12:00 UTC")
    assert second.startswith("2 in force 1 March 2026, 12:00 UTC Shorter.")
    assert first.startswith("1 superseded")


def test_it_says_who_froze_a_version(cms: Client, page: PolicyPage) -> None:
    editing.publish(cms, page, [editing.clause("New.")])
    assert "Vera Holt" in lines(cms, page)[0]


def test_a_withdrawn_version_stays_in_sight_with_its_reason(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Never.", at=LATER)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="Too early.")
    assert "2 withdrawn" in lines(cms, page)[0]
    assert "Too early." in lines(cms, page)[0]
    assert "Withdraw…" not in links(cms, page)[0]


def test_each_row_leads_on(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Later.", at=LATER)
    pending, current = links(cms, page)
    base = f"{page.url}"
    assert current == {"View": f"{base}v/1/", "Plain text": f"{base}v/1/text/"}
    assert pending["Compare with the one in force"] == f"{base}compare/1-2/"
    assert pending["Withdraw…"] == reverse("policies_withdraw", args=(page.versions.get(number=2).pk,))
    for address in {**pending, **current}.values():
        assert cms.get(address).status_code == 200, address


def test_a_first_version_that_nobody_can_read_yet_is_shown_in_the_cms(cms: Client, home: HomePage) -> None:
    page = make.revise(make.policy(home, live=False), "Soon.", at=LATER)
    address = links(cms, page)[0]["View"]
    assert address == reverse("wagtailadmin_pages:revisions_view", args=(page.pk, page.versions.get().revision_id))
    assert "Soon." in cms.get(address).text


def test_the_policy_can_be_ended_from_here_while_it_goes_on(cms: Client, page: PolicyPage) -> None:
    address = reverse("policies_end", args=(page.pk,))
    assert tab(cms, page).find("a", href=address)
    freeze.end(page=page, effective_from=make.NOW, now=make.NOW, note="Closed.")
    assert "2 in force ends the policy" in lines(cms, page)[0].replace("material change ", "")
    assert not tab(cms, page).find("a", href=address)


def test_without_a_version_it_says_what_publishing_does(cms: Client, home: HomePage) -> None:
    shown = tab(cms, make.policy(home, live=False))
    assert "Nothing is published yet." in shown.get_text()
    address = reverse("wagtailadmin_pages:add", args=("policies", "policypage", home.pk))
    assert "Nothing is published yet." in cms.get(address).text


def test_an_editor_who_may_not_publish_sees_no_acts(page: PolicyPage) -> None:
    page = make.revise(page, "Later.", at=LATER)
    client = desk.editing(page)
    assert "Withdraw…" not in links(client, page)[0]
    assert "End this policy" not in tab(client, page).get_text()


def test_many_versions_cost_no_more_and_the_report_has_the_rest(cms: Client, page: PolicyPage) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            tab(cms, page)
        return len(queries)

    page = make.revise(page, "Less 0.")
    asked()
    few = asked()
    for number in range(20):
        page = make.revise(page, f"Less {number + 1}.")
    assert asked() == few
    assert len(lines(cms, page)) == 20
    assert tab(cms, page).find("a", href=f"{reverse('policy_versions:index')}?policy={page.key}")


def test_it_says_which_language_is_missing(cms: Client, page: PolicyPage) -> None:
    translating.translate(cms, page)
    assert "missing: Russian" in lines(cms, page)[0]


def test_a_translated_page_says_which_version_it_translates(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    assert "This page translates version 1 of Privacy policy" in " ".join(tab(cms, russian).get_text(" ").split())


def test_a_translated_page_offers_the_versions_to_translate(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Later.", at=LATER)
    russian = translating.translate(cms, page)
    editor = BeautifulSoup(cms.get(reverse("wagtailadmin_pages:edit", args=(russian.pk,))).content, "html.parser")
    field = editor.find("select", attrs={"name": "translates"})
    assert field
    assert [option["value"] for option in field.select("option")] == ["", "2", "1"]
    assert not editor.find("input", attrs={"name": "material"})
    original = cms.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).text
    assert 'name="translates"' not in original
    assert 'name="material"' in original


def test_a_translation_starts_as_a_draft_of_the_same_clauses(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    assert not russian.live
    assert [block.id for block in russian.body] == [block.id for block in page.body]


def test_publishing_a_translation_makes_a_rendition(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    body = [editing.clause("Мы ничего не храним.", block_id=editing.rows(russian)[0]["id"])]
    editing.publish(cms, russian, body, translates="1")
    rendition = PolicyRendition.objects.get()
    assert (rendition.version.number, rendition.language, rendition.page) == (1, "ru", russian)
    assert "missing" not in lines(cms, page)[0]
    assert "Russian" in lines(cms, page)[0]
    assert russian.get_latest_revision_as_object().translates is None


def test_a_translation_of_nothing_is_refused_with_a_sentence(cms: Client, home: HomePage) -> None:
    russian = translating.translate(cms, make.policy(home, live=False))
    response = editing.publish(cms, russian, [editing.clause("Ничего.")])
    assert response.status_code == 200
    assert "publish or schedule the original first" in response.text
    assert not PolicyPage.objects.get(pk=russian.pk).live


def test_the_public_history_is_in_the_header(cms: Client, page: PolicyPage) -> None:
    editor = BeautifulSoup(cms.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).content, "html.parser")
    assert editor.find("a", href=f"{page.url}history/")


def test_a_draft_has_no_public_history(cms: Client, home: HomePage) -> None:
    page = make.policy(home, live=False)
    assert f"{page.url}history/" not in cms.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).text


def said_in_history(cms: Client, page: PolicyPage) -> str:
    return " ".join(cms.get(reverse("wagtailadmin_pages:history", args=(page.pk,))).text.split())


def test_the_history_tells_of_every_act(cms: Client, page: PolicyPage) -> None:
    editing.publish(cms, page, [editing.clause("Later.")], go_live_at="2026-03-11 12:00:00")
    pending = page.versions.get(number=2)
    revision = Revision.objects.get(pk=pending.revision_id)
    cms.post(reverse("wagtailadmin_pages:revisions_unschedule", args=(page.pk, revision.pk)))
    freeze.end(page=page, effective_from=make.NOW, now=timezone.now(), note="Closed.")
    told = said_in_history(cms, page)
    assert "Froze version 2, in force from 11 March 2026, 12:00 UTC" in told
    assert "Withdrew version 2" in told
    assert "Ended the policy by version 3, from 1 March 2026, 12:00 UTC" in told
    acts = PageLogEntry.objects.filter(action__startswith="policies.").order_by("pk")
    assert [entry.action.removeprefix("policies.") for entry in acts] == ["frozen", "frozen", "withdrawn", "ended"]
    assert [entry.user and entry.user.username for entry in acts] == [None, "vera", "vera", None]


def test_the_history_of_a_translation_names_the_language(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    editing.publish(cms, russian, editing.rows(russian))
    assert "Froze the translation of version 1: Russian" in said_in_history(cms, russian)


def test_every_act_has_words(cms: Client, page: PolicyPage) -> None:
    entry = PageLogEntry.objects.log_action(page, "policies.kept", data={"number": 4})
    assert entry.message == "Kept pending version 4 as it is"
    assert PolicyVersion.objects.count() == 1


def test_the_acts_of_others_have_addresses() -> None:
    for name in ("policies_withdraw", "policies_end"):
        try:
            reverse(name, args=(1,))
        except NoReverseMatch:
            pytest.fail(f"{name} has no address")
