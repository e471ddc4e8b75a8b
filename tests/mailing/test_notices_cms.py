"""The CMS shows how far a notice is, and what nobody may do with it or with its list."""

import pytest
from django.test import Client

from mailing.models import Campaign, MailingList
from mailing.panels import notice_lines
from policies.models import PolicyPage
from tests import make
from tests.desk import signed_in, told
from tests.mailing.conftest import PostOffice
from tests.mailing.test_notices import announce, work

pytestmark = pytest.mark.usefixtures("clock")


def test_the_cms_shows_how_far_it_is_and_lets_nobody_change_or_copy_it(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    announce(policy)
    work()
    cms, notice = signed_in("view_campaign", "add_campaign", "change_campaign", "send_campaign"), Campaign.objects.get()
    assert "Notice of version 2: Privacy policy" in cms.get("/cms/mailing/campaigns/").content.decode()
    page = cms.get(f"/cms/mailing/campaigns/inspect/{notice.pk}/").content.decode()
    assert "accepted by the mail server" in page
    assert make.ANA not in page
    for act in ("edit", "copy"):
        answer = cms.get(f"/cms/mailing/campaigns/{act}/{notice.pk}/")
        assert answer["Location"] == f"/cms/mailing/campaigns/inspect/{notice.pk}/"
    assert "no text to copy" in told(answer)


def test_nobody_promotes_anything_to_who_asked_for_notices(news: MailingList, changes: MailingList) -> None:
    cms = signed_in("add_campaign")
    form = {"title": "Sale", "mailing_list": changes.pk, "texts-TOTAL_FORMS": "0", "texts-INITIAL_FORMS": "0"}
    answer = cms.post("/cms/mailing/campaigns/add/", form)
    assert "mailing_list" in answer.context["form"].errors
    assert not Campaign.objects.exists()


def test_the_dashboard_says_what_is_still_to_be_told_and_what_was(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    announce(policy)
    assert [line.text for line in notice_lines(policy, make.NOW)] == ["Version 2: a worker is yet to tell subscribers."]
    work()
    cms = Client()
    cms.force_login(make.vera())
    assert "Notice of version 2: 1 of 1 sent." in cms.get("/cms/").content.decode()
