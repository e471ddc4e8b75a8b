"""Whatever an editor deletes or changes afterwards, a receipt stays as it was."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.contrib.auth.models import User
from django.db.models import ProtectedError
from django.test import Client
from wagtail.models import Page, Site

from consent.models import CookieDetail, Decision, GroupDetail, Service
from consent.told import Told
from policies.models import PolicyPage
from records.models import Controller, Recipient
from tests import make
from tests.consent.receipts import Document, agreed_to, file, full_catalogue, page

LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def decision(policy: PolicyPage) -> Decision:
    full = full_catalogue()
    return make.decision(full, "analytics", told=Told(policy.versions.get()))


def read(client: Client, decision: Decision) -> tuple[Document, str]:
    """What the two forms of a receipt say, without the frame of the page."""
    return file(client, decision), page(client, decision).partition("<main")[2].partition("</main>")[0]


def delete_a_service() -> None:
    Service.objects.all().delete()


def delete_a_cookie() -> None:
    Cookie.objects.all().delete()


def delete_a_group() -> None:
    Service.objects.all().delete()
    CookieGroup.objects.all().delete()


def delete_a_vendor() -> None:
    Service.objects.all().delete()
    Recipient.objects.all().delete()


def delete_the_owner() -> None:
    Controller.objects.all().delete()


def delete_every_account() -> None:
    User.objects.all().delete()


def change_everything() -> None:
    CookieGroup.objects.update(name="Changed", description="Changed.")
    Cookie.objects.update(name="changed", description="Changed.")
    GroupDetail.objects.update(purposes=[], texts={})
    CookieDetail.objects.update(lifetime="P9Y")
    Service.objects.update(name="Changed", data=[], countries=["US"], policy_url="https://changed.example/", texts={})
    Recipient.objects.update(name="Changed", country="US", address="Changed")
    Controller.objects.update(name="Changed", email="changed@mail.example")


def unpublish_the_policy() -> None:
    PolicyPage.objects.get().unpublish()


@pytest.mark.parametrize(
    "act",
    [
        delete_a_service,
        delete_a_cookie,
        delete_a_group,
        delete_a_vendor,
        delete_the_owner,
        delete_every_account,
        change_everything,
        unpublish_the_policy,
    ],
)
@pytest.mark.parametrize("published_again", [False, True])
def test_a_receipt_stays_as_it_was(
    client: Client, decision: Decision, act: Callable[[], None], published_again: bool
) -> None:
    make.vera()
    before = copy.deepcopy(read(client, decision))
    act()
    if published_again:
        make.publish(LATER)
    assert Decision.objects.filter(pk=decision.pk).exists()
    assert read(client, decision) == before


def test_a_new_version_of_the_policy_changes_no_receipt(client: Client, decision: Decision, policy: PolicyPage) -> None:
    before = read(client, decision)
    make.revise(policy, "We keep everything.", material=True)
    assert read(client, decision) == before


def test_a_receipt_for_a_statement_stays_as_it_was(client: Client, policy: PolicyPage) -> None:
    made = agreed_to("You may write to me.", "mail:news", told=Told(policy.versions.get()))
    before = read(client, made)
    delete_the_owner()
    make.revise(policy, "We keep everything.")
    assert read(client, made) == before


def test_a_deleted_site_takes_no_receipt_with_it(client: Client, decision: Decision, policy: PolicyPage) -> None:
    before = file(client, decision)["record"]
    gone = Site.objects.get(is_default_site=True)
    Site.objects.create(hostname="testserver", port=81, root_page=Page.objects.get(depth=1), is_default_site=False)
    Controller.objects.all().delete()
    gone.delete()
    after = file(client, decision)["record"]
    assert after["parties"] == before["parties"]
    assert after["events"] == before["events"]
    assert after["processing"]["privacy_notice"]["sha256"] == before["processing"]["privacy_notice"]["sha256"]
    assert [row["purpose"] for row in after["processing"]["purposes"]] == ["Statistics", "Maps"]


@pytest.mark.parametrize(
    "what",
    [
        lambda decision: decision.policy_version.page,
        lambda decision: decision.policy_version,
        lambda decision: decision.snapshot,
    ],
    ids=["page", "version", "configuration"],
)
def test_what_a_receipt_rests_on_cannot_be_deleted(
    client: Client, decision: Decision, what: Callable[[Decision], Any]
) -> None:
    with pytest.raises(ProtectedError):
        what(Decision.objects.get(pk=decision.pk)).delete()
    assert page(client, decision)


def test_a_group_with_a_service_is_kept_while_it_is_used(decision: Decision) -> None:
    with pytest.raises(ProtectedError):
        CookieGroup.objects.get(varname="analytics").delete()
    with pytest.raises(ProtectedError):
        Recipient.objects.get().delete()


def test_the_page_of_a_policy_cannot_be_deleted_in_the_cms(
    client: Client, decision: Decision, policy: PolicyPage
) -> None:
    client.force_login(make.vera())
    client.post(f"/cms/pages/{policy.pk}/delete/")
    assert PolicyPage.objects.filter(pk=policy.pk).exists()
    assert "version 1" in page(client, decision)
