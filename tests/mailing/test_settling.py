"""Two connections that settle at the same moment do not wait for each other, and nobody forgets what is not settled."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from mailing import deliver
from mailing.deliver import turn as turns
from mailing.deliver.journal import Said
from mailing.deliver.settle import settle
from mailing.models import Delivery, MailingList, Slowdown
from mailing.transport.shapes import Answer, Stage
from tests import make
from tests.committed import together
from tests.mailing.conftest import PostOffice, queued, states, turn
from tests.mailing.rows import rows

GOOD, BAD = "a.example", "b.example"


def settling(owner: str, keys: Sequence[int], good: str, bad: str) -> Callable[[], int]:
    """Half of a chunk was accepted, at a domain that was slow before, and half was put off."""
    half = len(keys) // 2
    Delivery.objects.filter(pk__in=keys).update(state="sending", owner=owner)
    Delivery.objects.filter(pk__in=keys[:half]).update(domain=good)
    Delivery.objects.filter(pk__in=keys[half:]).update(domain=bad)
    said = Said(owner, "x", set(keys))
    for place, key in enumerate(keys):
        said.answers[key] = Answer(key, 250, Stage.MESSAGE) if place < half else Answer(key, 450, Stage.RECIPIENT)
    return lambda: settle(said, now=timezone.now(), alive=True, handed_over=len(keys))


def test_chunks_of_the_same_two_domains_settle_side_by_side(committed: None) -> None:
    make.site()
    made = [row.pk for row in rows(make.campaign(make.mailing_list()), 200, state="pending")]
    for _round in range(5):
        Slowdown.objects.all().delete()
        for name in (GOOD, BAD):
            Slowdown.objects.create(target=name, until=timezone.now())
        one, two = settling("one", made[::2], GOOD, BAD), settling("two", made[1::2], BAD, GOOD)
        assert together(one, two) == [100, 100]


def test_what_could_not_be_settled_is_settled_by_whoever_finds_it(
    news: MailingList, post_office: PostOffice, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    campaign = queued(news)

    def fails(*arguments: object, **named: object) -> int:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as away:
        away.setattr(turns, "settle", fails)
        with pytest.raises(RuntimeError):
            turn(campaign)
    assert set(states().values()) == {"sending"}
    assert deliver.recover(timezone.now()) == 2
    assert states() == {make.ANA: "sent", make.BEN: "sent"}
    assert post_office.addresses == [make.ANA, make.BEN]
