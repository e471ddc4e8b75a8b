"""Whatever editors, clocks and workers do in whatever order: is the page at any time what ten lines say it must be?

The sequences are generated, and the same in every run (`derandomize`); each is rolled back, as the tables refuse more.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Revision

from policies import chain, effective, freeze, tasks
from policies.models import PolicyPage, PolicyVersion
from records import instants
from records.models import TermSheet
from tests import make
from tests.policies import reading

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
WORDS = st.sampled_from(["Alpha.", "Beta.", "Gamma."])
AHEAD = st.sampled_from([MICROSECOND, DAY, 2 * DAY, 3 * DAY, 5 * DAY])


@dataclass(frozen=True)
class Frozen:
    """What the model remembers of a version; `words` is empty for the end of the policy."""

    number: int
    words: str
    instant: datetime
    revision: int
    withdrawn: bool = False


class Model:
    """The reference: a list, and the two rules that a reader could be told."""

    def __init__(self) -> None:
        self.frozen: list[Frozen] = []

    def at(self, moment: datetime) -> Frozen | None:
        standing = [row for row in self.frozen if not row.withdrawn and row.instant <= moment]
        return max(standing, key=lambda row: (row.instant, row.number), default=None)

    def publish(self, words: str, instant: datetime, now: datetime, revision: int) -> None:
        there = self.at(instant)
        if not (there and there.words == words and (there.instant <= now or there.instant == instant)):
            self.frozen.append(Frozen(len(self.frozen) + 1, words, instant, revision))

    def pending(self, now: datetime) -> list[Frozen]:
        return [row for row in self.frozen if not row.withdrawn and row.instant > now]

    def withdraw(self, row: Frozen) -> None:
        self.frozen[row.number - 1] = replace(row, withdrawn=True)


class Desk(RuleBasedStateMachine):
    """One policy, its editors, a worker that may sleep, and a clock that stands still between the acts."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        cache.clear()  # Wagtail's tree of the example before
        self.clock = time_machine.travel(make.NOW, tick=False)
        self.traveller = self.clock.start()
        self.now, self.model, self.client = make.NOW, Model(), Client()
        self.page = make.policy(make.site(), live=False)

    def teardown(self) -> None:
        try:
            self.everything_can_be_read()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def write(self, words: str, at: datetime | None) -> None:
        """An editor publishes, or schedules for `at`."""
        draft = PolicyPage.objects.get(pk=self.page.pk).get_latest_revision_as_object()
        draft.body[0].value["text"].source, draft.go_live_at = f"<p>{words}</p>", at
        revision = draft.save_revision()
        revision.publish()
        self.model.publish(words, at or self.now, self.now, revision.pk)

    @initialize(words=WORDS, ahead=st.sampled_from([None, DAY]))
    def first(self, words: str, ahead: timedelta | None) -> None:
        self.write(words, self.now + ahead if ahead else None)

    @rule(words=WORDS)
    def publish(self, words: str) -> None:
        self.write(words, None)

    @rule(words=WORDS, ahead=AHEAD)
    def schedule(self, words: str, ahead: timedelta) -> None:
        self.write(words, self.now + ahead)

    @rule()
    def cancel_in_wagtail(self) -> None:
        revision = Revision.objects.filter(approved_go_live_at__gt=self.now).first()
        if revision is None:
            return
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        for row in self.model.pending(self.now):
            if row.words and row.revision == revision.pk:
                self.model.withdraw(row)

    @precondition(lambda self: self.model.pending(self.now))
    @rule(which=st.integers(0, 9))
    def withdraw(self, which: int) -> None:
        pending = self.model.pending(self.now)
        self.take_back(pending[which % len(pending)])

    def take_back(self, row: Frozen) -> None:
        freeze.withdraw(version=self.page.versions.get(number=row.number), now=self.now, reason="A mistake.")
        self.model.withdraw(row)

    @precondition(lambda self: self.model.pending(self.now))
    @rule(words=WORDS, merged=WORDS)
    def issue_again_with_an_urgent_fix(self, words: str, merged: str) -> None:
        announced = self.model.pending(self.now)[0]
        self.write(words, None)
        self.take_back(announced)
        self.write(merged, announced.instant)

    @precondition(lambda self: self.model.frozen)
    @rule(which=st.integers(0, 9))
    def publish_an_old_revision(self, which: int) -> None:
        texts = [row for row in self.model.frozen if row.words]
        row = texts[which % len(texts)]
        revision = Revision.objects.get(pk=row.revision)
        if revision.approved_go_live_at and revision.approved_go_live_at <= self.now:
            return  # Wagtail's own mark is due: it is the worker who publishes it
        revision.publish()
        date = revision.as_object().go_live_at
        self.model.publish(row.words, date if date and date > self.now else self.now, self.now, row.revision)

    @rule(ahead=st.sampled_from([timedelta(0), DAY, 4 * DAY]))
    def end(self, ahead: timedelta) -> None:
        instant = self.now + ahead
        there = self.model.at(instant)
        try:
            freeze.end(page=self.page, effective_from=instant, now=self.now, note="We close.")
        except ValidationError:
            assert there is None or not there.words
        else:
            assert there
            self.model.frozen.append(Frozen(len(self.model.frozen) + 1, "", instant, there.revision))

    @rule(step=st.sampled_from([-MICROSECOND, timedelta(0), MICROSECOND]))
    def wait_for_the_next_instant(self, step: timedelta) -> None:
        coming = [row.instant + step for row in self.model.pending(self.now) if row.instant + step > self.now]
        self.move_to(min(coming, default=self.now + DAY))

    def move_to(self, moment: datetime) -> None:
        self.now = moment
        self.traveller.move_to(moment)

    @rule()
    def let_the_worker_run(self) -> None:
        tasks.publish_scheduled()
        there = self.model.at(self.now)
        row = PolicyPage.objects.get(pk=self.page.pk)
        if there and there.words:
            assert row.live
            assert there.words in row.body[0].value["text"].source

    @invariant()
    def the_policy_in_force_is_the_one_of_the_model(self) -> None:
        known = {self.now, *(row.instant for row in self.model.frozen)}
        for moment in sorted(instant + step for instant in known for step in (-MICROSECOND, timedelta(0), MICROSECOND)):
            version, there = effective.in_force(self.page, moment), self.model.at(moment)
            assert (version and version.number) == (there and there.number), moment

    @invariant()
    def a_visitor_reads_what_is_in_force(self) -> None:
        self.compare("/privacy/", self.now)

    def compare(self, address: str, at: datetime) -> None:
        answer, there = self.client.get(address), self.model.at(at)
        shown = reading.text_of(answer) if answer.status_code == 200 else ""
        said = {words for words in ("Alpha.", "Beta.", "Gamma.") if words in shown}
        assert said == ({there.words} - {""} if there else set()), (address, answer.status_code)

    def everything_can_be_read(self) -> None:
        rows = self.page.versions.order_by("number").values_list("number", "effective_from")
        assert list(rows) == [(row.number, row.instant) for row in self.model.frozen]
        assert list(TermSheet.objects.values_list("number", "effective_from").order_by("number")) == list(rows)
        assert list(chain.faults()) == []
        if self.model.at(self.now) is None:
            return  # nothing has been published yet
        for number, instant in rows:
            assert self.client.get(f"/privacy/v/{number}/").status_code == 200
            self.compare(f"/privacy/?on={instant:%Y-%m-%d}", instants.end_of(instant.date()))


@pytest.mark.timeout(300)
def test_the_page_is_what_the_model_says_at_any_time(db: None) -> None:
    bounds = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Desk, settings=bounds)
    assert not PolicyVersion.objects.exists(), "each example was rolled back"
