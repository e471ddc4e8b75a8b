"""Does every page of the CMS that shows personal data leave an entry in the log of readings?"""

from typing import Any

import pytest
from django.test import Client

from records import access_log
from records.models import AccessEntry
from records.registry import Subject, declared, holdings
from tests import filled, make
from tests.filled import MARKS, STAFF, walk

# What these show of a row is its number, and who in the CMS changed it when.
NUMBERS_ALONE = ("add", "usage", "history", "history_results")
FILES = (  # whose address as a file is that of a page
    *("/cms/consent/decisions/?export=csv", "/cms/consent/decisions/?export=json"),
    *("/cms/readings/?export=csv", "/cms/reports/site-history/?export=csv", "/cms/consent/decisions/?export=xlsx"),
)


def test_every_screen_of_a_data_set_about_visitors_is_declared() -> None:
    visitors = {entry.label for entry in holdings() if {Subject.VISITOR, Subject.SUBSCRIBER} & set(entry.subjects)}
    screens = access_log.screens()
    missing = [
        f'access_log.declare("{name}", holding="{model._meta.label}", act=Act.…)'
        for name, _parts, view in walk.patterns()
        if (model := walk.model_of(view))
        and model._meta.label in visitors
        and not (name in screens or access_log.is_by_view(name))
        and name.rpartition(":")[2] not in NUMBERS_ALONE
    ]
    assert not missing, "Add to the data_map.py of the app:\n" + "\n".join(missing)


def test_what_is_declared_is_there() -> None:
    named = {name for name, _parts, _view in walk.patterns()} | {"wagtail_bulk_action"}
    assert access_log.screens().keys() <= named
    shown = {each.holding for screens in access_log.screens().values() for each in screens}
    assert all(declared()[label].personal for label in shown)


@pytest.mark.django_db
@pytest.mark.timeout(600)  # every page of the CMS
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # Wagtail's, of pictures kept in memory
def test_a_page_with_somebodys_data_leaves_an_entry() -> None:
    filled.fill()
    client, seen, silent = Client(raise_request_exception=False), set[str](), list[str]()
    client.force_login(make.vera())
    cookies = client.cookies.copy()
    for name, url in [*((each.name, each.url) for each in filled.addresses()), *((url, url) for url in FILES)]:
        client.cookies = cookies.copy()
        before = AccessEntry.objects.count()
        marks = found_in(client.get(url))
        seen |= marks
        if marks and AccessEntry.objects.count() == before:
            silent.append(f"{name} shows {', '.join(sorted(marks))}")
    assert not silent, "Declare these with access_log.declare(…):\n" + "\n".join(silent)
    assert seen == {*MARKS, *STAFF}, "a mark that no page shows proves nothing"


def found_in(answer: Any) -> set[str]:
    text = answer.getvalue().decode(errors="replace")
    return {mark for mark in (*MARKS, *STAFF) if mark in text}
