"""Whatever dies in the middle of an erasure: nothing can be read any more, and whoever comes next finishes it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from records.models import Erasure, SubjectKey
from records.subject_requests import carrying, erasing, plan, reapplying, tombstones
from tests import make
from tests.records import life

STEPS = 8  # data sets that an erasure of somebody who did everything changes


class Killed(BaseException):
    """The process is gone."""


def dies_at(step: int, act: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but the process dies as it is called for the `step`th time, at its end."""
    calls = iter(range(1, 1000))

    def call(*args: Any, **how: Any) -> Any:
        answer = act(*args, **how)
        if next(calls) == step:
            raise Killed
        return answer

    return call


@pytest.mark.django_db
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_process_that_dies_at_a_data_set_is_finished_by_the_next(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    life.lived(make.ANA, make.BEN)
    found = plan.of(make.ANA, now=make.NOW)
    assert (
        len([one for one in found.steps if one.versions and (one in found.changing or plan.is_sealed(one.entry))])
        == STEPS
    )
    with monkeypatch.context() as patch:
        patch.setattr(carrying, "_erase", dies_at(step, carrying._erase))
        with pytest.raises(Killed):
            erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=make.NOW)
    assert not SubjectKey.objects.filter(subject=found.subject).exists(), "no sealed word can be read any more"
    assert Erasure.objects.count() == tombstones.unfinished().count() == 1
    receipt = erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=make.NOW)
    assert life.traces(life.marks(make.ANA), life.dump()) == []
    assert life.traces(life.marks(make.BEN), life.dump()) == life.marks(make.BEN)
    counted = {each["holding"]: each["rows"] for each in receipt["sets"] if each["rows"]}
    assert counted == {one.entry.label: len(one.versions) for one in found.changing}, "each row is counted once"
    assert not tombstones.unfinished().exists()


@pytest.mark.django_db
def test_a_process_that_dies_before_anything_is_decided_has_done_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    life.lived(make.ANA)
    found, before = plan.of(make.ANA, now=make.NOW), life.dump()
    with monkeypatch.context() as patch:
        patch.setattr(tombstones, "write_outside", dies_at(1, tombstones.write_outside))
        with pytest.raises(Killed):
            erasing.carry_out(make.ANA, now=make.NOW)
    assert life.dump() == before
    erasing.carry_out(make.ANA, plan_sha256=found.sha256, now=make.NOW)


@pytest.mark.django_db
def test_whoever_does_not_know_the_address_can_finish_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    life.lived(make.ANA)
    with monkeypatch.context() as patch:
        patch.setattr(carrying, "_erase", dies_at(2, carrying._erase))
        with pytest.raises(Killed):
            erasing.carry_out(make.ANA, now=make.NOW)
    assert reapplying.reapply(now=make.NOW).finished == 1
    assert life.traces(life.marks(make.ANA), life.dump()) == []


@pytest.mark.django_db
def test_what_she_writes_in_between_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    life.lived(make.ANA)
    with monkeypatch.context() as patch:
        patch.setattr(carrying, "_erase", dies_at(1, carrying._erase))
        with pytest.raises(Killed):
            erasing.carry_out(make.ANA, now=make.NOW)
    new = make.inquiry(make.ANA)
    [begun] = tombstones.unfinished()
    erasing.finish(begun, now=make.NOW)
    new = type(new).objects.get()
    assert (new.email, new.message) == (make.ANA, "Hello"), "under a key of its own"


KILLS_ITSELF = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from records.subject_requests import carrying, erasing
act, calls = carrying._erase, iter(range(1, 100))
def dies(*args):
    answer = act(*args)
    if next(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
carrying._erase = dies
erasing.carry_out(sys.argv[1], now=timezone.now())
"""


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("step", [1, 5])
def test_a_process_that_is_killed_with_its_connection_is_finished_by_the_next(step: int) -> None:
    life.lived(make.ANA, make.BEN)
    ours = urlsplit(os.environ["DATABASE_URL"])
    address = ours._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    command = [sys.executable, "-W", "ignore", "-c", KILLS_ITSELF, make.ANA, str(step)]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, env=environment, cwd=root, capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert tombstones.unfinished().count() == 1
    erasing.carry_out(make.ANA, now=make.NOW)
    assert life.traces(life.marks(make.ANA), life.dump()) == []
    assert life.traces(life.marks(make.BEN), life.dump()) == life.marks(make.BEN)
