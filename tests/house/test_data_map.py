"""Is every column of every installed model declared, and does an undeclared one stop the site?"""

from collections.abc import Iterator

import pytest
from django.db import models
from django.test.utils import isolate_apps

from records.registry import (
    Category,
    Datum,
    Holding,
    Keep,
    Purpose,
    coverage,
    declared,
    holdings,
    nothing_personal,
    register,
)
from records.registry.vocabulary import Basis, Subject


def test_nothing_is_undeclared() -> None:
    assert coverage.check_every_column_is_declared() == []


def test_the_packages_are_declared_too() -> None:
    apps = {label.split(".")[0] for label in declared()}
    assert {"auth", "sessions", "wagtailcore", "wagtailusers", "cookie_consent", "taggit"} <= apps


def test_every_personal_holding_says_when_it_ends() -> None:
    endless = [entry.label for entry in holdings() if not (entry.keep or entry.until)]
    assert not endless


@pytest.fixture
def letter() -> Iterator[type[models.Model]]:
    with isolate_apps("records"):

        class Letter(models.Model):
            sender = models.CharField(max_length=10)
            sent_at = models.DateTimeField()

            class Meta:
                app_label = "records"

            def __str__(self) -> str:
                return "letter"

        yield Letter


def check(model: type[models.Model], entry: Holding | None) -> list[tuple[str, str]]:
    return [(error.id, error.hint) for error in coverage._check_model(model, entry)]


def entry(**changes: object) -> Holding:
    values = {"label": "records.Letter", "title": "Letters", "other": frozenset({"id", "sent_at"})} | changes
    return Holding(**values)  # type: ignore[arg-type]


def test_an_undeclared_model_prints_the_lines_to_paste(letter: type[models.Model]) -> None:
    [(number, hint)] = check(letter, None)
    assert number == "records.E001"
    assert 'nothing_personal("records.Letter", "id", "sender", "sent_at")' in hint


def test_the_pasted_lines_silence_the_check(letter: type[models.Model], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.registry.declarations._holdings", {})
    [(_, hint)] = check(letter, None)
    line = next(line.strip() for line in hint.splitlines() if "nothing_personal(" in line)
    exec(line, {"nothing_personal": nothing_personal})
    assert check(letter, declared()["records.Letter"]) == []


def test_an_undeclared_column_is_named(letter: type[models.Model]) -> None:
    [(number, hint)] = check(letter, entry())
    assert number == "records.E002"
    assert '"sender": Datum(Category.…)' in hint


def test_a_column_that_is_gone_is_named(letter: type[models.Model]) -> None:
    [(number, _)] = check(letter, entry(other=frozenset({"id", "sender", "sent_at", "read_at"})))
    assert number == "records.E003"


def test_a_period_must_count_from_a_column(letter: type[models.Model]) -> None:
    sender = {"sender": Datum(Category.NAME)}
    [(number, _)] = check(letter, entry(personal=sender, keep=Keep(days=1, since="received_at")))
    assert number == "records.E004"


def test_personal_data_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="say when its rows go"):
        register(
            "records.Letter",
            title="Letters",
            personal={"sender": Datum(Category.NAME)},
            other=["id"],
            subjects=[Subject.VISITOR],
            purposes=[Purpose.COMMUNICATION],
            basis=Basis.CONSENT,
        )


def test_two_declarations_of_one_model_are_refused() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        nothing_personal("home.Inquiry", "id")
