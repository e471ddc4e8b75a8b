"""The CMS's first page tells who may read inquiries how many people wait, and for how long."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from home import inquiries
from tests import make
from tests.desk import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def panel(cms: Client) -> str:
    found = BeautifulSoup(cms.get("/cms/").content, "html.parser").select_one("#inquiries-section")
    return " ".join(found.get_text(" ").split()) if found else ""


def test_it_counts_who_waits_and_names_the_oldest() -> None:
    rows = [make.inquiry(now=make.NOW - timedelta(days=day)) for day in (1, 3, 8)]
    cms = signed_in("view_inquiry")
    inquiries.assign([rows[0].pk], to=User.objects.get(username="vera"), now=make.NOW)
    inquiries.set_state([rows[2].pk], state="closed", now=make.NOW)
    said = panel(cms)
    for words in ("1 new inquiry", "1 being handled", "1 of them is yours", "1 is assigned to nobody"):
        assert words in said
    assert "waits for 3\u00a0days" in said or "waits for 3 days" in said


def test_it_is_calm_while_nobody_waits() -> None:
    make.site()
    assert "Nobody waits for an answer." in panel(signed_in("view_inquiry"))


def test_whoever_may_not_read_inquiries_is_told_nothing() -> None:
    make.inquiry()
    assert panel(signed_in()) == ""
