"""Whoever erases a subscriber in the CMS erases the person: everywhere, and as far as a legal hold lets it go."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from home.models import Inquiry
from mailing.models import Subscriber
from records import holds
from records.models import Erasure
from tests import make
from tests.records import life

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def cms() -> Client:
    client = Client()
    client.force_login(make.vera())
    return client


def pressed(cms: Client) -> str:
    """What the next page says."""
    ana = Subscriber.objects.get(email=make.ANA)
    answer = cms.post(reverse("subscribers:erase", args=[ana.pk]), {"keep_hash": "on"}, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_person_is_gone_from_everywhere(cms: Client) -> None:
    life.lived(make.ANA, make.BEN)
    assert "The person is erased." in pressed(cms)
    text = life.dump()
    assert life.traces(life.marks(make.ANA), text) == []
    assert life.traces(life.marks(make.BEN), text) == life.marks(make.BEN)
    assert Erasure.objects.count() == 1


def test_what_a_legal_hold_covers_stays_and_the_page_says_so(cms: Client) -> None:
    life.lived(make.ANA)
    vera = make.User.objects.get()
    holds.place(
        reason="Case 7", by=vera, now=make.NOW - timedelta(days=1), holding="mailing.Subscriber", email=make.ANA
    )
    assert "The address stays until the hold is lifted." in pressed(cms)
    assert Subscriber.objects.get().email == make.ANA
    assert not Inquiry.objects.exists()
