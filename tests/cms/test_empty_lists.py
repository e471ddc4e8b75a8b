"""What does somebody read who opens a list of a site on which nothing has happened yet?"""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests import make
from tests.filled.walk import patterns

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
WAGTAILS_OWN = ("wagtail", "simple_translation")
LISTS = (":index", ":list", ":orders")


def lists() -> Iterator[str]:
    """Every list of this site's own: the names of their addresses."""
    for name, parts, _view in patterns():
        if not parts and name.endswith(LISTS) and not name.startswith(WAGTAILS_OWN):
            yield name


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make.vera())
    return client


def test_every_list_opens_and_none_says_only_that_it_is_empty(admin: Client) -> None:
    names, silent = sorted(set(lists())), []
    for name in names:
        answer = admin.get(reverse(name))
        assert answer.status_code in {200, 302}, name
        if "There are no " in answer.content.decode():
            silent.append(name)
    assert len(names) > 20
    assert not silent, "Say what comes here, and what to do for it."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("recipients:index", "Add each company"),
        ("subscriber_fields:index", "Add one"),
        ("policy_versions:index", "Publishing a policy page"),
        ("consent_decisions:index", "appears here once the configuration is published"),
        ("mailing_lists:index", "Make the first"),
        ("holds:index", "A legal hold keeps rows"),
    ],
)
def test_it_says_what_to_do(admin: Client, name: str, words: str) -> None:
    page = BeautifulSoup(admin.get(reverse(name)).content, "html.parser")
    assert words in " ".join(page.get_text(" ").split())
