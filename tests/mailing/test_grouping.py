"""Mailboxes at a domain of their own are grouped by whoever runs them, as DNS says."""

import pytest

from mailing import grouping, lookups
from mailing.lookups import Unanswered
from mailing.models import MailingList, Subscriber
from tests import make


class Exchangers(dict[str, list[str]]):
    """A resolver that knows mail exchangers alone, and nobody answers about the rest."""

    def exchangers(self, domain: str) -> list[str]:
        if domain not in self:
            raise Unanswered
        return self[domain]


@pytest.fixture
def people(news: MailingList) -> None:
    """Six at each of three domains, two at a fourth."""
    for domain, count in {"a.example": 6, "b.example": 6, "c.example": 6, "few.example": 2}.items():
        for number in range(count):
            make.subscriber(f"reader-{number}@{domain}", news)


def test_only_domains_of_several_people_are_asked_about(people: None) -> None:
    assert grouping.unknown_domains() == ["a.example", "b.example", "c.example"]
    assert grouping.unknown_domains(limit=1) == ["a.example"]


def test_what_dns_says_is_kept_and_what_nobody_answers_is_asked_again(people: None) -> None:
    known = Exchangers({"a.example": ["aspmx.l.google.com"], "b.example": ["mail.b.example"]})
    assert grouping.regroup(lookups.providers_of(grouping.unknown_domains(), known)) == 6  # type: ignore[arg-type]
    assert set(Subscriber.objects.filter(domain="a.example").values_list("provider", flat=True)) == {"gmail"}
    assert set(Subscriber.objects.exclude(domain="a.example").values_list("provider", flat=True)) == {"other"}
    assert grouping.unknown_domains() == ["b.example", "c.example"]
