"""What the plan shows is what happens; and where anything changed since, nothing does."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from home.models import Inquiry
from mailing.models import Delivery, Return, Subscriber
from records import holds
from records.models import Erasure, SubjectKey, SubjectRequest
from records.subject_requests import erasing, plan
from records.subject_requests.plan import Plan
from tests import make
from tests.records import life

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(minutes=5)


def planned(email: str = make.ANA) -> Plan:
    return plan.of(email, now=make.NOW)


def steps(found: Plan) -> dict[str, plan.Step]:
    return {step.entry.label: step for step in found.steps}


def test_a_plan_writes_nothing_and_does_what_it_says() -> None:
    life.lived(make.ANA)
    found = planned()
    goes = {step.entry.label: len(step.versions) for step in found.changing}
    assert planned().sha256 == found.sha256
    receipt = erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=LATER)
    assert {each["holding"]: each["rows"] for each in receipt["sets"] if each["rows"]} == goes
    assert receipt["plan_sha256"] == found.sha256


CHANGES: dict[str, Callable[[], object]] = {
    "a row came": lambda: make.inquiry(make.ANA),
    "a row went": lambda: Return.objects.all()[:1].get().delete(),
    "a row changed": lambda: Subscriber.objects.update(name="Ana Q."),
    "a row was written anew as it was": lambda: Inquiry.objects.update(received_at=make.NOW),
    "a hold was placed": lambda: holds.place(reason="Case 7", by=make.vera(), now=make.NOW, holding="home.Inquiry"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_where_anything_changed_since_nothing_is_erased(change: str) -> None:
    life.lived(make.ANA)
    found = planned()
    CHANGES[change]()
    before = life.dump()
    with pytest.raises(erasing.PlanChanged):
        erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=LATER)
    assert life.dump() == before
    assert not Erasure.objects.exists()


def test_what_happens_to_others_and_to_what_stays_changes_no_plan() -> None:
    life.lived(make.ANA, make.BEN)
    found = planned()
    make.inquiry(make.BEN)
    SubjectRequest.objects.update(state="stopped")
    assert planned().sha256 == found.sha256


def test_the_same_plan_again_gives_its_receipt_again() -> None:
    life.lived(make.ANA)
    found = planned()
    first = erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=LATER)
    assert erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=LATER) == first
    assert Erasure.objects.count() == 1


def held(**what: Any) -> None:
    holds.place(**{"reason": "Case 7", "by": make.vera(), "now": make.NOW, "email": make.ANA} | what)


def test_a_held_row_stays_and_can_be_read() -> None:
    life.lived(make.ANA, make.BEN)
    held(holding="home.Inquiry")
    found = planned()
    assert steps(found)["home.Inquiry"].held
    assert found.key_stays
    receipt = erasing.carry_out(make.ANA, now=LATER)
    [said] = [each for each in receipt["sets"] if each["holding"] == "home.Inquiry"]
    assert (said["rows"], said["kept"], said["why"]) == (0, 1, "legal hold: Case 7")
    assert receipt["key"]["gone"] is False
    hers = Inquiry.objects.filter(phone_index__isnull=False).order_by("pk")[0]
    assert hers.message == f"I saw {life.SECRETS[make.ANA]}."
    assert not Subscriber.objects.filter(email=make.ANA).exists()
    assert SubjectRequest.objects.filter(words=b"").count() == 1, "what stays elsewhere cannot be read all the same"


def test_what_a_held_row_belongs_to_stays_with_it() -> None:
    life.lived(make.ANA)
    held(holding="mailing.Return")
    erasing.carry_out(make.ANA, now=LATER)
    assert Return.objects.count() == 1
    assert Delivery.objects.count() == 1, "the letter's is gone"
    assert Subscriber.objects.get().email == make.ANA
    assert not SubjectKey.objects.filter(subject=plan.people.subject_of(make.ANA)).exists(), "nothing sealed is held"


def test_a_hold_on_somebody_else_holds_nothing_of_her() -> None:
    life.lived(make.ANA, make.BEN)
    held(email=make.BEN)
    erasing.carry_out(make.ANA, now=LATER)
    assert life.traces(life.marks(make.ANA), life.dump()) == []


def test_when_the_hold_is_lifted_the_rest_can_be_erased() -> None:
    life.lived(make.ANA)
    vera = make.vera()
    hold = holds.place(reason="Case 7", by=vera, now=make.NOW, holding="home.Inquiry", email=make.ANA)
    erasing.carry_out(make.ANA, now=LATER)
    holds.lift(hold, by=vera, now=LATER)
    erasing.carry_out(make.ANA, now=LATER)
    assert life.traces(life.marks(make.ANA), life.dump()) == []


def run(*args: str, capsys: Any) -> Any:
    call_command("erase_subject", *args)
    return capsys.readouterr().out


def test_the_command_shows_the_plan_and_writes_nothing(capsys: Any) -> None:
    life.lived(make.ANA)
    before = life.dump()
    said = run(" ANA@mail.example", "--dry-run", capsys=capsys)
    assert "Inquiries from forms: 1 to delete" in said
    assert "Consent decisions: 0 to keep; 1 kept: it proves that mail was allowed" in said
    assert planned().sha256 in said
    assert json.loads(run(make.ANA, "--dry-run", "--json", capsys=capsys))["plan_sha256"] == planned().sha256
    assert life.dump() == before


def test_the_command_erases_and_prints_the_receipt(capsys: Any) -> None:
    life.lived(make.ANA)
    receipt = json.loads(run(make.ANA, "--yes", "--json", capsys=capsys))
    assert receipt["key"]["gone"] is True
    assert life.traces(life.marks(make.ANA), life.dump()) == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([make.ANA], "nobody can answer"),
        ([make.ANA, "--yes", "--plan", "0" * 64], "changed since the plan was shown"),
        ([" ", "--yes"], "empty"),
    ],
)
def test_the_command_refuses(args: list[str], says: str) -> None:
    life.lived(make.ANA)
    before = life.dump()
    with pytest.raises(CommandError, match=says):
        call_command("erase_subject", *args)
    assert life.dump() == before
