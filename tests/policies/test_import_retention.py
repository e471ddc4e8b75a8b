"""Which clauses of a text are proposed as retention clauses, for which data set, and what is said of the others?"""

import pytest

from policies import importing
from policies.importing import retention
from tests.policies import imported

INQUIRIES = "“Inquiries from forms”"
UNBOUND = "binds nothing yet (it names no data set for certain): choose the data set in the editor"


def proposed(words: str) -> list[tuple[str, str]]:
    """(period, data set) of each retention clause of a policy with this clause 1.1."""
    parts = importing.read(f"T\n\n1. A\n\n1.1 {words}").parts
    return [(part.period.iso, part.holding) for part in parts if part.period]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("We keep log files for 1 (one) year.", "P1Y"),
        ("We keep it. The log is deleted within seven days.", "P7D"),
        ("Letters are erased after 12 months; letters are nice.", "P12M"),
        ("We store for one year:\n- names;\n- dates.", "P1Y"),
        ("We store:\n- names for two weeks;\n- dates.", "P2W"),
        ("Журналы хранятся в течение 1 (одного) года.", "P1Y"),
        ("Письма удаляются через 6 (шесть) месяцев.", "P6M"),
        ("Срок хранения — три года.", "P3Y"),
    ],
)
def test_a_clause_that_says_how_long_something_is_kept_is_proposed(words: str, period: str) -> None:
    assert proposed(words) == [(period, "")]


@pytest.mark.parametrize(
    "words",
    [
        "We were founded 12 years ago.",
        "We answer within 30 days.",
        "We keep it as long as we need it.",
        "We keep no data of people under 16 years of age.",
        "We delete it within 30 days of your request.",
        "Мы не храним данные лиц, не достигших 14 лет.",
        "We keep it. It took 2 years to write.",
        "We keep logs for 1 year and letters for 6 months.",
        "It is deleted after 10 business days.",
    ],
)
def test_a_clause_that_states_none_or_several_is_left_alone(words: str) -> None:
    assert proposed(words) == []


@pytest.mark.parametrize(
    ("words", "holding"),
    [
        ("Inquiries are kept for 1 year.", "home.Inquiry"),
        ("An INQUIRY is deleted after a year.", "home.Inquiry"),
        ("What you send through the contact form is deleted one year after it arrived.", "home.Inquiry"),
        ("Unconfirmed subscribers are deleted after seven days.", "mailing.Subscriber"),
        ("Subscriptions are kept for 7 days.", "mailing.Subscription"),
        ("Inquiries and subscribers are kept for 1 year.", ""),
        ("The page of the site is kept for 1 year.", ""),
        ("Action logs are kept for 1 year.", "records.Action"),
        ("The log of the editors is kept for 1 year.", ""),
    ],
)
def test_a_data_set_is_named_only_if_the_words_mean_one(words: str, holding: str) -> None:
    [(_period, named)] = proposed(words)
    assert named == holding


def test_a_data_set_is_found_by_its_title_in_russian() -> None:
    assert proposed("Обращения хранятся один год.") == [("P1Y", "home.Inquiry")]


def test_a_data_set_is_proposed_once() -> None:
    draft = importing.read("T\n\n1. Inquiries are kept for 1 year.\n\n2. Each inquiry is kept for 2 years.")
    assert [part.holding for part in draft.parts] == ["home.Inquiry", ""]
    assert draft.notes == [
        (3, f"states “1 year”: proposed as a retention clause for {INQUIRIES}"),
        (5, "states “2 years”: proposed as a retention clause that binds nothing yet "
            f"({INQUIRIES} has one already): choose the data set in the editor"),
    ]  # fmt: skip


def test_the_words_and_the_numbers_stay_as_they_are() -> None:
    text = "T\n\n1. A\n\n1.1 *Logs* are kept:\n- for 1 (one) year.\n\n1.2 So."
    assert imported.outline(text)[2:] == ["retention 1.1 Logs are kept: [ for 1 (one) year. ]", "clause 1.2 So."]
    assert (
        imported.rows(importing.read(text))[1][2] == "<p><i>Logs</i> are kept:</p><ul><li>for 1 (one) year.</li></ul>"
    )
    assert imported.notes(text) == [f"states “1 year”: proposed as a retention clause that {UNBOUND}"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("1. Kept for 1 year\n\n1.1 Logs.", ["section", "clause"]),
        ("1. A\n\n1.1 B.\n\n1.1.1 It is kept for 1 year.", ["section", "clause", "subclause"]),
        ("1. A\n\n1.1 B.\n\nIt is kept for 1 year.", ["section", "clause", "text"]),
        ("1. A\n\nIt is kept for 1 year.\n\n1.1 B.", ["section", "text", "clause"]),
        ("It is kept for 1 year.\n\n1. A\n\n1.1 B.", ["text", "section", "clause"]),
        ("1. A\n\n1.1 B.\n\n2. C\n\nIt is kept for 1 year.", ["section", "clause", "section", "retention"]),
        ("## A\n\nIt is kept for 1 year.\n\nSo.", ["section", "retention", "text"]),
        ("## A\n\n1. It is kept for 1 year.\n\n## B\n\n1. C.", ["section", "text", "section", "text"]),
    ],
)
def test_only_what_can_bear_the_number_of_a_clause_becomes_one(text: str, kinds: list[str]) -> None:
    assert [part.kind for part in importing.read(f"# T\n\n{text}").parts] == kinds


def test_what_is_left_alone_is_reported() -> None:
    several = imported.notes("T\n\n1. A\n\n1.1 We keep logs for 1 year and letters for 6 months.")
    below = imported.notes("T\n\n1. A\n\n1.1 B.\n\n1.1.1 It is kept for 1 year.")
    assert several == [
        "states “1 year”, “6 months”: kept as it is; make a retention clause of each period in the editor"
    ]
    assert below[0].startswith("states “1 year” as subclause: kept as it is")


def test_a_number_that_the_file_has_not_is_reported() -> None:
    assert "has no number in the file and 1 by its place" in imported.notes("# T\n\nIt is kept for 1 year.")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("inquiry", "inquiries", True),
        ("log", "logs", True),
        ("log", "login", False),
        ("action", "active", False),
        ("subscriber", "subscription", False),
        ("обращения", "обращений", True),
        ("контактов", "контактный", True),
        ("журнал", "журналах", True),
    ],
)
def test_two_forms_of_a_word_are_one_word(one: str, other: str, same: bool) -> None:
    assert retention.same_stem(one, other) is retention.same_stem(other, one) is same
