"""A link from the mailbox is used once, is good to the second, and tells nobody anything."""

import secrets
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mailing.models import Delivery, Subscriber
from records.models import ExportFile, SubjectRequest
from records.subject_requests import agreed, copies, filing, links, tending
from tests import make
from tests.committed import together
from tests.records import asking

DAY = timedelta(hours=24)


@pytest.fixture
def here(db: None, clock: time_machine.Traveller) -> None:
    make.policy(make.site())


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("after", "status"), [(DAY - timedelta(seconds=1), 200), (DAY, 410), (9 * DAY, 404)])
def test_it_is_good_to_the_second(client: Client, clock: time_machine.Traveller, after: timedelta, status: int) -> None:
    path = asking.link(client)
    clock.shift(after)
    assert client.get(path).status_code == status
    assert asking.choose(client, path, "access").status_code == status
    assert SubjectRequest.objects.filter(verified_at=None).exists() == (status != 200)


@pytest.mark.usefixtures("here")
def test_it_is_used_once(client: Client) -> None:
    path = asking.link(client)
    assert asking.choose(client, path, "correction", "Wrong.").status_code == 200
    for answer in (client.get(path), asking.choose(client, path, "access")):
        assert answer.status_code == 404
        assert "This link does not work any more" in answer.content.decode()
    assert SubjectRequest.objects.get().kind == "correction"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("change", [slice(-1), slice(1, None), slice(None, None, -1)])
def test_what_was_not_copied_whole_opens_nothing(client: Client, change: slice) -> None:
    path = asking.link(client)
    token = path.split("/")[2]
    assert client.get(f"/my-data/{token[change]}/").status_code == 404
    assert client.get(f"/my-data/{token}=/", HTTP_ACCEPT="application/json").status_code == 404
    assert client.get(f"/my-data/{secrets.token_hex(32)}/").status_code == 404
    assert client.get(path).status_code == 200


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("status", [200, 404, 410])
def test_nothing_keeps_or_passes_on_its_page(client: Client, clock: time_machine.Traveller, status: int) -> None:
    path = asking.link(client)
    if status == 410:
        clock.shift(DAY)
    answer = client.get(path if status != 404 else "/my-data/nothing/")
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    # Not even to this site's own addresses: the origin alone.
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "<script" not in answer.content.decode()


@pytest.mark.usefixtures("here")
def test_its_digest_alone_is_stored(client: Client) -> None:
    token = asking.link(client).split("/")[2]
    stored = str(SubjectRequest.objects.values().get())
    assert token not in stored


@pytest.mark.usefixtures("here")
def test_the_copy_is_fetched_once_with_a_button(client: Client) -> None:
    path = asking.copy(client)
    page = client.get(path)
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert ExportFile.objects.get().fetched_at is None
    file = client.post(path, **make.HERE)
    assert file.content.startswith(b"PK")
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/zip", "no-store")
    assert file["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    assert client.post(path, **make.HERE).status_code == 404
    copy = ExportFile.objects.get()
    assert (bytes(copy.sealed), copy.fetched_at) == (b"", make.NOW)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("days", "status"), [(0, 200), (6, 200), (7, 410)])
def test_the_copy_waits_a_week(client: Client, clock: time_machine.Traveller, days: int, status: int) -> None:
    path = asking.copy(client)
    clock.shift(timedelta(days=days))
    assert client.get(path).status_code == status
    tending.tidy(now=make.NOW + timedelta(days=days))
    assert ExportFile.objects.exists() == (status == 200)
    assert client.post(path, **make.HERE).status_code == status


@pytest.mark.usefixtures("here")
def test_the_copy_lies_sealed(client: Client) -> None:
    asking.copy(client)
    copy = ExportFile.objects.get()
    assert b"PK" not in bytes(copy.sealed)[:64]
    assert make.ANA.encode() not in bytes(copy.sealed)


@pytest.mark.usefixtures("here")
def test_a_new_copy_makes_the_link_of_the_old_one_void(client: Client) -> None:
    old = asking.copy(client)
    row = SubjectRequest.objects.get()
    assert not copies.make(row.pk, now=make.NOW)
    assert copies.make(row.pk, now=make.NOW, again=True)
    assert client.get(old).status_code == 404
    assert client.post(asking.link_in(asking.letters()[0]), **make.HERE).status_code == 200


@pytest.mark.usefixtures("committed")
def test_of_those_who_press_at_once_one_is_heard() -> None:
    make.policy(make.site())
    path = asking.link(Client())

    def press(choice: str) -> int:
        return int(asking.choose(Client(), path, choice, "Wrong.").status_code)

    answers = together(*(partial(press, choice) for choice in ("correction", "objection", "mail", "access")))
    assert sorted(answers) == [200, 404, 404, 404]
    [row] = SubjectRequest.objects.all()
    assert row.events.filter(act="verified").count() == 1


@pytest.mark.usefixtures("committed")
def test_of_those_who_download_at_once_one_gets_it() -> None:
    make.policy(make.site())
    path = asking.copy(Client())
    answers = together(*(lambda: int(Client().post(path, **make.HERE).status_code) for _time in range(4)))
    assert sorted(answers) == [200, 404, 404, 404]


@pytest.mark.usefixtures("committed")
def test_of_workers_at_once_an_address_gets_three_letters() -> None:
    make.policy(make.site())
    for _time in range(6):
        asking.ask(Client())
    now = SubjectRequest.objects.latest("asked_at").asked_at
    keys = list(SubjectRequest.objects.values_list("pk", flat=True))
    sent = together(*(partial(filing.send_link, key, now=now) for key in keys))
    assert sorted(sent) == [False, False, False, True, True, True]


@pytest.mark.usefixtures("committed")
def test_of_workers_at_once_one_erases() -> None:
    make.policy(make.site())
    make.subscriber(make.ANA, make.mailing_list(), now=timezone.now())
    path, sha256 = asking.plan(Client())
    assert Client().post(path, {"plan": sha256}, **make.HERE).status_code == 200
    Delivery.objects.exclude(letter=None).update(state=Delivery.State.SENT)
    [row] = SubjectRequest.objects.all()
    together(*(partial(agreed.carry_out, row.pk, now=timezone.now()) for _time in range(3)))
    assert not Subscriber.objects.exists()
    assert row.events.filter(act="erased").count() == 1
    assert SubjectRequest.objects.get().state == "done"


@pytest.mark.usefixtures("here")
def test_no_two_links_are_alike(client: Client) -> None:
    row = asking.chosen(client, "correction")
    tokens = {links.give(row, links.CHOOSE, now=make.NOW) for _time in range(100)}
    assert len(tokens) == 100
    assert {len(bytes.fromhex(token)) for token in tokens} == {32}
