"""Do editors who press the button at the same moment get numbers without a gap or a double, and nobody an error?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from policies import chain, freeze
from policies.models import PolicyPage, PolicyRendition, PolicyVersion, PolicyWithdrawal
from records.models import TermSheet
from tests import committed as commits
from tests import make
from tests.policies import languages

AT_ONCE = 12
FAR = timezone.now() + timedelta(days=36500)  # the clock runs in these tests


@pytest.fixture
def page(committed: None) -> PolicyPage:
    return make.policy(make.site(), "Version 1.")


def draft(page: PolicyPage, words: str, at: datetime | None = None) -> int:
    page = PolicyPage.objects.get(pk=page.pk)
    page.body[0].value["text"].source, page.go_live_at = f"<p>{words}</p>", at
    return int(page.save_revision().pk)


def publish(revision: int) -> None:
    """As a request does: wholly or not at all."""
    with transaction.atomic():
        Revision.objects.get(pk=revision).publish()


def edit_and_publish(page: PolicyPage, words: str, at: datetime | None = None) -> None:
    """As the editor's form does: saves and publishes in one request."""
    with transaction.atomic():
        publish(draft(page, words, at))


def refused(act: Callable[[], Any]) -> bool:
    try:
        act()
    except ValidationError:
        return True
    return False


def intact(page: PolicyPage) -> list[PolicyVersion]:
    """The versions, after a look at all that must be so."""
    rows = list(page.versions.order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert list(chain.faults()) == []
    instants = [(row.number, row.effective_from) for row in rows]
    assert list(TermSheet.objects.order_by("number").values_list("number", "effective_from")) == instants
    assert [row.frozen_at for row in rows] == sorted(row.frozen_at for row in rows)
    return rows


def test_versions_frozen_at_once_are_numbered_without_a_gap(page: PolicyPage) -> None:
    drafts = [draft(page, f"Draft {number}.") for number in range(AT_ONCE)]
    commits.together(*(lambda pk=pk: Revision.objects.get(pk=pk).publish() for pk in drafts))
    rows = intact(page)
    assert {row.text.strip() for row in rows[1:]} == {f"1 Draft {number}." for number in range(AT_ONCE)}


def test_editors_who_save_and_publish_at_once_each_get_a_version(page: PolicyPage) -> None:
    commits.together(*(partial(edit_and_publish, page, f"Draft {number}.") for number in range(AT_ONCE)))
    assert len(intact(page)) == AT_ONCE + 1


def test_a_text_published_twice_at_once_is_one_version(page: PolicyPage) -> None:
    pk = draft(page, "New.")
    commits.together(*(lambda: Revision.objects.get(pk=pk).publish() for _ in range(AT_ONCE)))
    assert len(intact(page)) == 2


def test_a_version_withdrawn_twice_at_once_is_withdrawn_once(page: PolicyPage) -> None:
    publish(draft(page, "New.", FAR))
    version = page.versions.get(number=2)
    withdraw = partial(freeze.withdraw, version=version, now=timezone.now(), reason="A mistake.")
    answers = commits.together(*(partial(refused, withdraw) for _ in range(AT_ONCE)))
    assert sorted(answers) == [False] + [True] * (AT_ONCE - 1)
    assert PolicyWithdrawal.objects.count() == 1
    intact(page)


def test_publishing_withdrawing_and_scheduling_at_once(page: PolicyPage) -> None:
    for number in range(4):
        publish(draft(page, f"Announced {number}.", FAR + timedelta(days=number)))
    announced = list(page.versions.pending(timezone.now()))
    commits.together(
        *(partial(edit_and_publish, page, f"Now {number}.") for number in range(4)),
        *(partial(edit_and_publish, page, f"Later {number}.", FAR + timedelta(days=9 + number)) for number in range(4)),
        *(partial(freeze.withdraw, version=row, now=timezone.now(), reason="A mistake.") for row in announced),
    )
    assert len(intact(page)) == 1 + 4 + 8
    assert PolicyWithdrawal.objects.count() == 4
    assert page.versions.pending(timezone.now()).count() == 4


def test_ending_and_publishing_at_once(page: PolicyPage) -> None:
    end = partial(freeze.end, page=page, effective_from=timezone.now(), now=timezone.now(), note="We closed.")
    answers = commits.together(
        *(partial(refused, end) for _ in range(4)),
        *(partial(refused, partial(edit_and_publish, page, f"Draft {number}.")) for number in range(4)),
    )
    rows = intact(page)
    assert len(rows) == 1 + answers.count(False)
    assert answers[4:] == [False] * 4
    doubled = [(before, after) for before, after in pairwise(rows) if before.ends and after.ends]
    assert doubled == []


def test_the_lock_of_a_policy_is_one_row_for_all_its_languages(db: None) -> None:
    page = make.policy(make.site())
    locked = []
    for published in (page, languages.translate(page, "Ничего.")):
        with CaptureQueriesContext(connection) as queries:
            published.save_revision().publish()
        locked += [query["sql"].partition("WHERE")[2] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locked) == 2
    assert len(set(locked)) == 1
    assert "LIMIT 1" in locked[0]


def test_a_translation_is_frozen_beside_its_original_without_waiting_for_ever(page: PolicyPage) -> None:
    """Each request holds the row of its own page already when it comes to the lock of the policy."""
    there = languages.translate(page, "Версия 1.")
    there.save_revision().publish()
    try:
        commits.together(
            *(partial(edit_and_publish, page, f"Draft {number}.") for number in range(4)),
            *(partial(edit_and_publish, there, f"Проект {number}.") for number in range(4)),
        )
    except OperationalError as error:  # "deadlock detected"
        pytest.fail(str(error))
    intact(page)
    assert PolicyRendition.objects.count() == 5
