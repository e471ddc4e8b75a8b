"""Whoever received data and stands in no published policy is named, until the policy names them."""

import uuid
from datetime import timedelta

import pytest

from records import disclosures, terms
from records.disclosures import Drift, orders
from records.disclosures.drift import LOOKED_BACK
from records.registry import Ground
from tests import make
from tests.policies import typed
from tests.records.disclosing import asked, ben, disclose, listed, proposed, vera

pytestmark = pytest.mark.django_db


def test_a_recipient_that_no_policy_names_is_drift_with_how_often_and_when_last() -> None:
    listed(Ground.PURPOSE)
    assert disclosures.drift(make.NOW) == []
    disclose(now=make.NOW - timedelta(hours=2))
    disclose(now=make.NOW - timedelta(hours=1))
    disclose(recipient=make.recipient("Map Works"))
    assert disclosures.drift(make.NOW) == [
        Drift("Map Works", 1, make.NOW),
        Drift("Tally Works", 2, make.NOW - timedelta(hours=1)),
    ]
    assert [each.recipient for each in disclosures.drift(make.NOW - timedelta(minutes=90))] == ["Tally Works"]


def test_one_that_the_policy_names_among_its_services_is_none() -> None:
    service = terms.Statement(terms.Kind.SERVICE, "tally", {"group": "analytics", "vendor": "Tally Works"})
    ground = terms.Statement(terms.Kind.GROUND, Ground.PURPOSE.value, {})
    said = {"policy": uuid.UUID(int=8), "label": "Policy"}
    yesterday, tomorrow = make.NOW - timedelta(days=1), make.NOW + timedelta(days=1)
    terms.write(number=1, effective_from=yesterday, statements=[service, ground], **said)
    terms.write(number=2, effective_from=tomorrow, statements=[ground], **said)
    disclose()
    assert disclosures.drift(make.NOW) == []
    assert [each.recipient for each in disclosures.drift(tomorrow)] == ["Tally Works"]


def test_one_that_stands_in_the_text_in_force_is_none(clock: object) -> None:
    page = make.policy(make.site(), "Parcels are carried by TALLY  works, in Utrecht.")
    draft = page.get_latest_revision_as_object()
    draft.body = [*draft.body.raw_data, typed.grounds(Ground.PURPOSE.value)]
    draft.save_revision().publish()
    disclose()
    disclose(recipient=make.recipient("Map Works"))
    assert [each.recipient for each in disclosures.drift(make.NOW)] == ["Map Works"]
    make.revise(page, "Parcels are carried by nobody.", at=make.NOW + timedelta(days=1))
    assert [each.recipient for each in disclosures.drift(make.NOW + timedelta(hours=23))] == ["Map Works"]
    later = [each.recipient for each in disclosures.drift(make.NOW + timedelta(days=1))]
    assert later == ["Map Works", "Tally Works"]


def test_a_court_is_named_by_no_policy() -> None:
    listed(*Ground)
    asked()
    by = vera()
    order = proposed(by)
    orders.approve(order=order, by=ben(), now=make.NOW)
    order.refresh_from_db()
    orders.hand_out(order=order, by=by, now=make.NOW).file.close()
    assert disclosures.drift(make.NOW) == []


def test_what_was_handed_out_more_than_three_years_ago_is_no_promise_any_more() -> None:
    listed(Ground.PURPOSE, at=make.NOW - 2 * LOOKED_BACK)
    disclose(now=make.NOW - LOOKED_BACK)
    assert disclosures.drift(make.NOW) == []
    assert len(disclosures.drift(make.NOW - timedelta(microseconds=1))) == 1
