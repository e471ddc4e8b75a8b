"""A draft may have gaps, an approved campaign has none; approving is Wagtail's publishing under another name."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from mailing import campaigns
from mailing.models import Campaign, MailingList
from tests import make
from tests.desk import campaign_form, signed_in, text_form, told

ADD = "/cms/mailing/campaigns/add/"
APPROVE = {"action-publish": "action-publish"}
WRITE = ["add_campaign", "change_campaign", "view_campaign"]


@pytest.fixture
def cms(news: MailingList) -> Client:
    """Vera, who may write campaigns and approve them."""
    return signed_in(*WRITE, "publish_campaign")


def refused(answer: Any) -> dict[str, str]:
    """What the form says, by its fields; those of texts by their number."""
    form = answer.context["form"]
    said = {name: " ".join(errors) for name, errors in form.errors.items()}
    for number, text in enumerate(form.formsets["texts"].forms):
        said |= {f"{name} {number}": " ".join(errors) for name, errors in text.errors.items()}
    return said


def test_approving_says_so_and_makes_it_ready(cms: Client, news: MailingList) -> None:
    assert "Approve: ready to send" in cms.get(ADD).content.decode()
    answer = cms.post(ADD, campaign_form(news) | APPROVE)
    campaign = Campaign.objects.get()
    assert "“Summer” is approved: it is ready to be sent." in told(answer)
    assert answer["Location"] == f"/cms/mailing/campaigns/edit/{campaign.pk}/"
    assert (campaign.live, campaigns.refusal(campaign, make.NOW)) == (True, "")
    page = cms.get(answer["Location"]).content.decode()
    assert "Unpublish" not in page
    assert "Approve: ready to send" in page


def test_a_change_after_the_approval_needs_another(cms: Client, news: MailingList) -> None:
    campaign = make.campaign(news)
    texts = text_form("Later", id=campaign.texts.get().pk)
    cms.post(f"/cms/mailing/campaigns/edit/{campaign.pk}/", campaign_form(news, texts, initial=1))
    campaign = Campaign.objects.get()
    assert campaign.texts.get().subject == "Spring"
    assert "Nobody has approved this text yet." in campaigns.refusal(campaign, make.NOW)
    cms.post(f"/cms/mailing/campaigns/edit/{campaign.pk}/", campaign_form(news, texts, initial=1) | APPROVE)
    assert Campaign.objects.get().texts.get().subject == "Later"
    assert campaigns.refusal(Campaign.objects.get(), make.NOW) == ""


def test_a_draft_may_have_gaps(cms: Client, news: MailingList) -> None:
    cms.post(ADD, campaign_form(news, text_form("", language="ru", version="b"), test_share="20"))
    assert Campaign.objects.get().texts.get().subject == ""


def test_a_draft_without_a_list_is_refused_in_words(cms: Client, news: MailingList) -> None:
    assert "mailing_list" in refused(cms.post(ADD, campaign_form(news, mailing_list="")))


@pytest.mark.parametrize(
    ("texts", "chosen", "said"),
    [
        ([{"version": "b"}], {"test_share": "20"}, {"__all__": "at least one text in version A"}),
        ([{}, {"version": "b"}], {}, {"test_share": "how many percent"}),
        ([{}], {"test_share": "20"}, {"test_share": "no version B to try"}),
        ([{}, {"language": "ru", "version": "b"}], {"test_share": "20"}, {"language 1": "version A in this language"}),
        ([{}, {}], {}, {"version 1": "a text in English, version A above already"}),
        ([{"subject": ""}], {}, {"subject 0": "required"}),
        ([{"subject": "Dear {{ name }}"}], {}, {"subject 0": "{{ name|"}),
        ([{"plain": "From {{ town|somewhere }}"}], {}, {"plain 0": "nothing of that name is known"}),
        ([{"words": "Dear {{ nobody|you }}"}], {}, {"body 0": "nothing of that name is known"}),
    ],
)
def test_what_has_gaps_is_not_approved(
    cms: Client, news: MailingList, texts: list[dict[str, str]], chosen: dict[str, Any], said: dict[str, str]
) -> None:
    answer = cms.post(ADD, campaign_form(news, *(text_form(**text) for text in texts), **chosen) | APPROVE)
    found = refused(answer)
    assert found.keys() == said.keys()
    assert all(words in found[place] for place, words in said.items())
    assert not Campaign.objects.exists()


def test_the_same_language_and_version_twice_is_refused_of_drafts_too(cms: Client, news: MailingList) -> None:
    assert refused(cms.post(ADD, campaign_form(news, text_form(), text_form()))).keys() == {"version 1"}


def test_a_language_that_the_site_does_not_speak_is_refused(cms: Client, news: MailingList) -> None:
    assert "language 0" in refused(cms.post(ADD, campaign_form(news, text_form(language="xx"))))


def test_a_language_that_the_site_no_longer_speaks_stays_until_somebody_chooses_another(
    cms: Client, news: MailingList
) -> None:
    campaign = make.campaign(news)
    text = campaign.texts.get()
    campaign.texts.filter(pk=text.pk).update(language="xx")
    edit = f"/cms/mailing/campaigns/edit/{campaign.pk}/"
    assert '<option value="xx" selected>' in cms.get(edit).content.decode()
    form = campaign_form(news, text_form("Later", language="xx", id=text.pk), initial=1)
    assert cms.post(edit, form | APPROVE)["Location"] == edit
    assert campaign.texts.values_list("language", "subject").get() == ("xx", "Later")


def test_merge_fields_with_other_words_are_approved(cms: Client, news: MailingList) -> None:
    cms.post(ADD, campaign_form(news, text_form("Dear {{ name|reader }}")) | APPROVE)
    assert Campaign.objects.get().live


def test_a_text_in_each_language_and_version_is_approved(cms: Client, news: MailingList) -> None:
    places = [("en", "a"), ("en", "b"), ("ru", "a")]
    texts = [text_form(language=language, version=version) for language, version in places]
    cms.post(ADD, campaign_form(news, *texts, test_share="20") | APPROVE)
    assert Campaign.objects.get().written.keys() == set(places)


def test_a_deleted_text_counts_for_nothing(cms: Client, news: MailingList) -> None:
    cms.post(ADD, campaign_form(news, text_form(), text_form(DELETE="1")) | APPROVE)
    assert Campaign.objects.get().texts.count() == 1


def test_nobody_promotes_anything_to_who_asked_for_notices(cms: Client, changes: MailingList) -> None:
    assert "by itself" in refused(cms.post(ADD, campaign_form(changes)))["mailing_list"]
    assert not Campaign.objects.exists()


@pytest.fixture
def four_eyes(news: MailingList) -> None:
    """A workflow of Wagtail's own: what somebody wrote is approved by somebody else."""
    task = GroupApprovalTask.objects.create(name="Second look")
    task.groups.add(Group.objects.create(name="Approvers"))
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=ContentType.objects.get_for_model(Campaign))


def superuser(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name))
    return client


def approval(campaign: Campaign) -> str:
    task = campaign.current_workflow_task_state
    return f"/cms/mailing/campaigns/workflow/action/{campaign.pk}/approve/{task.pk}/"


def test_a_workflow_asks_somebody_else_and_then_it_can_be_sent(news: MailingList, four_eyes: None) -> None:
    writer, approver = signed_in(*WRITE), superuser("cleo")
    assert "Submit to Four eyes" in writer.get(ADD).content.decode()
    writer.post(ADD, campaign_form(news) | {"action-submit": "action-submit"})
    campaign = Campaign.objects.get()
    assert not campaign.live
    assert "Nobody has approved" in campaigns.refusal(campaign, make.NOW)

    edit = f"/cms/mailing/campaigns/edit/{campaign.pk}/"
    assert "Approve with a comment: ready to send" in approver.get(edit).content.decode()
    approver.post(approval(campaign), {"comment": ""})
    campaign = Campaign.objects.get()
    assert (campaign.live, campaigns.refusal(campaign, make.NOW)) == (True, "")
    make.subscriber(make.ANA, news)
    sender = superuser("ben")
    page = sender.get(f"/cms/mailing/campaigns/send/{campaign.pk}/").content.decode()
    assert "vera" in page
    assert "cleo," in page
    sender.post(f"/cms/mailing/campaigns/send/{campaign.pk}/", {"now": "now"})
    assert Campaign.objects.get().state == Campaign.State.SCHEDULED


def test_a_workflow_refuses_what_has_gaps(news: MailingList, four_eyes: None) -> None:
    form = campaign_form(news, text_form("")) | {"action-submit": "action-submit"}
    assert "subject 0" in refused(signed_in(*WRITE).post(ADD, form))


def test_a_workflow_approves_nothing_that_was_queued_meanwhile(news: MailingList, four_eyes: None) -> None:
    """Publishing what it approves would write the state that the revision remembers."""
    make.subscriber(make.ANA, news)
    campaign, approver = make.campaign(news), superuser("cleo")
    campaign.save_revision(changed=False)
    campaign.get_workflow().start(campaign, User.objects.get())
    url = approval(campaign)
    with pytest.raises(campaigns.CannotSend, match="waits for somebody's approval"):
        make.queued(Campaign.objects.get())
    Campaign.objects.update(state=Campaign.State.SENDING)  # by whatever other way
    answer = approver.post(url, {"comment": ""})
    assert answer["Location"] == f"/cms/mailing/campaigns/inspect/{campaign.pk}/"
    assert Campaign.objects.get().state == Campaign.State.SENDING
