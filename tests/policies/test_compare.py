"""Is each clause compared with the one it was, and does the comparison call nothing changed that stayed?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.compare import Comparison, compare
from policies.compare.alignment import kept_in_order


def content(*clauses: tuple[str, str, str], title: str = "Policy", terms: Any = ()) -> dict[str, Any]:
    made = [
        {"id": block, "kind": "clause", "number": number, "anchor": f"c-{block}", "html": f"<p>{text}</p>"}
        for block, number, text in clauses
    ]
    return {"title": title, "language": "en", "clauses": made, "terms": list(terms)}


A, B, C, D = (
    ("a", "1", "We keep nothing."),
    ("b", "2", "Write to us."),
    ("c", "3", "Cookies are few."),
    ("d", "4", "Ask for your data."),
)


def told(found: Comparison) -> list[tuple[str, str]]:
    return [(clause.shown["id"], clause.change) for clause in found.clauses]


def again(clause: tuple[str, str, str], number: str) -> tuple[str, str, str]:
    return (clause[0], number, clause[2])


def test_a_clause_with_another_number_did_not_change() -> None:
    found = compare(content(A, B), content(C, again(A, "2"), again(B, "3")))
    assert told(found) == [("c", "added"), ("a", "same"), ("b", "same")]


def test_only_the_clause_that_moved_is_moved() -> None:
    found = compare(content(A, B, C, D), content(again(D, "1"), again(A, "2"), again(B, "3"), again(C, "4")))
    assert told(found) == [("d", "moved"), ("a", "same"), ("b", "same"), ("c", "same")]
    assert (found.clauses[0].old or {})["number"] == "4"
    assert found.summary.moved == 1


def test_a_clause_that_went_stands_where_it_stood() -> None:
    found = compare(content(A, B, C), content(A, again(C, "2"), again(D, "3")))
    assert told(found) == [("a", "same"), ("b", "removed"), ("c", "same"), ("d", "added")]


def test_a_clause_with_a_lost_id_is_found_by_its_words() -> None:
    lost = ("x", "1", "We keep nothing, never.")
    [clause] = compare(content(A), content(lost)).clauses
    assert (clause.change, clause.redline.html) == ("changed", "<p>We keep nothing<ins>, never</ins>.</p>")


def test_a_clause_with_other_words_is_another_one() -> None:
    assert told(compare(content(A), content(("x", "1", "Ask us about it.")))) == [("a", "removed"), ("x", "added")]


def test_a_clause_of_another_kind_is_told() -> None:
    new = content(A)
    new["clauses"][0]["kind"] = "retention"
    [clause] = compare(content(A), new).clauses
    assert (clause.change, clause.kind_changed, clause.redline.words_in) == ("changed", True, 0)


@given(st.permutations(range(7)))
def test_what_kept_its_order_is_the_longest_run(order: list[int]) -> None:
    kept = kept_in_order(dict(enumerate(order)))
    assert list(kept.values()) == sorted(kept.values())
    longest = max(
        len(run)
        for chosen in range(2**7)
        if (run := [was for place, was in enumerate(order) if chosen >> place & 1]) == sorted(run)
    )
    assert len(kept) == longest


def test_the_summary_counts() -> None:
    old = content(A, B, C, ("f", "4", "Be bold."))
    new = content(
        A, ("b", "2", 'Write to <a href="/x">us</a> soon.'), D, ("f", "4", "Be <b>bold</b>."), title="The policy"
    )
    summary = compare(old, new).summary
    assert (summary.words_in, summary.words_out) == (1 + 4 + 2, 3 + 1)  # "soon", all of D, "The policy"; C, "Policy"
    assert (summary.added, summary.removed, summary.changed, summary.links, summary.formats) == (1, 1, 2, 1, 1)


def test_the_same_text_is_the_same() -> None:
    found = compare(content(A, B), content(A, B))
    assert found.same
    assert [passage.same for passage in found.passages] == [True]


def test_a_changed_passage_names_the_section_that_stayed_out_of_sight() -> None:
    old, new = content(A, B, C, D), content(A, B, C, ("d", "4", "Ask for all your data."))
    for text in (old, new):
        text["clauses"][1]["kind"] = "section"
    stayed, changed = compare(old, new).passages
    assert ([clause.shown["id"] for clause in stayed.clauses], stayed.section) == (["a", "b", "c"], None)
    assert (changed.section or {})["id"] == "b"


def test_a_section_is_named_once() -> None:
    old, new = (
        content(A, B, C, D),
        content(again(A, "1"), ("b", "2", "Write to them."), C, ("d", "4", "Ask for my data.")),
    )
    for text in (old, new):
        text["clauses"][0]["kind"] = "section"
    named = [passage.section and passage.section["id"] for passage in compare(old, new).passages]
    assert named == [None, "a", None, None]


@pytest.mark.parametrize(
    ("kind", "key", "before", "after", "said"),
    [
        (
            "retention",
            "home.Inquiry",
            {"period": "P1Y", "then": "delete"},
            {"period": "P6M", "then": "delete"},
            ("1 year", "6 months"),
        ),
        ("ground", "court-order", None, {}, (None, "")),
        ("purpose", "no-longer-known", {"basis": "no-longer-known"}, None, ("no-longer-known", None)),
        ("service", "tally", {"group": "analytics", "vendor": "A"}, {"group": "analytics", "vendor": "B"}, ("A", "B")),
        ("retention", "gone.Model", {"period": "long", "then": "x"}, None, ("long, x", None)),
    ],
)
def test_terms_are_told_in_words(kind: str, key: str, before: Any, after: Any, said: tuple[str | None, ...]) -> None:
    def terms(value: Any) -> list[dict[str, Any]]:
        return [] if value is None else [{"kind": kind, "key": key, "value": value}]

    [change] = compare(content(A, terms=terms(before)), content(A, terms=terms(after))).terms
    for found, expected in zip((change.before, change.after), said, strict=True):
        assert found == expected if not expected else str(found).startswith(expected)
