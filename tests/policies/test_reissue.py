"""Is a fix carried into a pending text whole, without losing or doubling a clause, and is a contradiction named?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reissue.merge import FIX, PENDING, TITLE, Block, Merged, What, Wording, merge

TITLES = st.sampled_from(["Privacy policy", "Data protection", "Privacy"])
NAMES = st.sampled_from("abcdefgh")
WORDS = st.sampled_from(["one", "two", "three"])


def block(name: str, words: str) -> Block:
    return {"type": "clause", "value": {"text": f"<p>{words}</p>", "anchor": ""}, "id": name}


def wording(*blocks: tuple[str, str], title: str = "Privacy policy") -> Wording:
    return Wording(title, [block(*pair) for pair in blocks])


@st.composite
def wordings(draw: st.DrawFn, *, unlike: bool = False) -> Wording:
    """A few clauses in any order; their ids may be alike."""
    name = (lambda pair: pair[0]) if unlike else None
    return wording(*draw(st.lists(st.tuples(NAMES, WORDS), max_size=8, unique_by=name)), title=draw(TITLES))


UNLIKE = wordings(unlike=True)


def simple(text: Wording) -> list[str]:
    """ "a1" for the clause a that says 1."""
    return [f"{row['id']}{row['value']['text'][3:-4]}" for row in text.blocks]


def texts(base: str, fix: str, pending: str) -> dict[str, Wording]:
    """Each text from words such as "a1 b1"."""
    return {
        name: wording(*((word[0], word[1:]) for word in words.split()))
        for name, words in {"base": base, "fix": fix, "pending": pending}.items()
    }


def merged(base: str, fix: str, pending: str, **settled: str) -> Merged:
    return merge(**texts(base, fix, pending), settled=settled)


@given(base=wordings(), pending=wordings())
def test_a_fix_that_changes_nothing_leaves_the_pending_text(base: Wording, pending: Wording) -> None:
    result = merge(base=base, fix=base, pending=pending)
    assert result == Merged(pending, [], [])


@given(base=wordings(), fix=wordings())
def test_a_pending_text_that_changes_nothing_becomes_the_fix(base: Wording, fix: Wording) -> None:
    result = merge(base=base, fix=fix, pending=base)
    assert result.text == fix
    assert not result.conflicts


@given(base=wordings(), both=wordings())
def test_two_that_say_the_same_have_nothing_to_settle(base: Wording, both: Wording) -> None:
    assert merge(base=base, fix=both, pending=both) == Merged(both, [], [])


@given(base=UNLIKE, fix=UNLIKE, pending=UNLIKE, side=st.sampled_from([FIX, PENDING]))
def test_no_clause_is_lost_or_doubled(base: Wording, fix: Wording, pending: Wording, side: str) -> None:
    conflicts = merge(base=base, fix=fix, pending=pending).conflicts
    result = merge(base=base, fix=fix, pending=pending, settled={conflict.key: side for conflict in conflicts})
    keys = [row["id"] for row in result.text.blocks]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= set(fix.keyed) | set(pending.keyed)
    assert set(fix.keyed) & set(pending.keyed) <= set(keys)
    # Where only the place is disputed, the words are those of whoever changed them.
    for key in {conflict.key for conflict in conflicts if conflict.what != What.MOVED} - {TITLE}:
        winner = fix.keyed if side == FIX else pending.keyed
        assert result.text.keyed.get(key) == winner.get(key)


@pytest.mark.parametrize("side", [FIX, PENDING])
def test_a_dispute_about_a_place_costs_no_words(side: str) -> None:
    result = merged("a1 b2", "c1 b2 a1", "b1 a1", b=side)
    assert [(conflict.key, conflict.what) for conflict in result.conflicts] == [("b", What.MOVED)]
    assert result.text.keyed["b"] == wording(("b", "1")).blocks[0]


@given(base=wordings(), data=st.data())
def test_changes_of_different_clauses_both_survive(base: Wording, data: st.DataObject) -> None:
    keys = list(base.keyed)
    fixed = set(data.draw(st.lists(st.sampled_from(keys), unique=True) if keys else st.just([])))
    fix, pending = (_reworded(base, chosen, words) for chosen, words in ((fixed, "F"), (set(keys) - fixed, "P")))
    result = merge(base=base, fix=fix, pending=pending)
    assert not result.conflicts
    assert [row["value"]["text"] for row in result.text.blocks] == [
        "<p>F</p>" if key in fixed else "<p>P</p>" for key in keys
    ]


def _reworded(text: Wording, keys: set[str], words: str) -> Wording:
    blocks = [block(row["id"], words) if key in keys else row for key, row in text.keyed.items()]
    return Wording(text.title, blocks)


@pytest.mark.parametrize(
    ("base", "fix", "pending", "expected"),
    [
        ("a1 b1 c1", "a1 b2 c1", "a1 b1 c1 d1", "a1 b2 c1 d1"),
        ("a1 b1", "a1 n1 b1", "a1 b1 d1", "a1 n1 b1 d1"),
        ("a1 b1", "n1 a1 b1", "d1 a1 b1", "n1 d1 a1 b1"),
        ("a1 b1", "a1 b1 n1 m1", "a1 b1 d1", "a1 b1 n1 m1 d1"),
        ("a1 b1 c1", "a1 c1", "a1 b1 c2", "a1 c2"),
        ("a1 b1 c1", "c1 a1 b1", "a1 b1 c1 d1", "c1 a1 b1 d1"),
        ("a1 b1 c1", "a1 b1 n1 c1", "a1 c1", "a1 n1 c1"),
        ("a1 b1 c1", "a2 b1 c1", "c1 a1 b1", "c1 a2 b1"),
    ],
)
def test_the_fix_is_carried_to_where_it_belongs(base: str, fix: str, pending: str, expected: str) -> None:
    result = merged(base, fix, pending)
    assert not result.conflicts
    assert simple(result.text) == expected.split()


@pytest.mark.parametrize(
    ("base", "fix", "pending", "with_fix", "with_pending"),
    [
        ("a1 b1", "a1 b2", "a1 b3", "a1 b2", "a1 b3"),
        ("a1 b1 c1", "a1 b2 c1", "a1 c1", "a1 b2 c1", "a1 c1"),
        ("a1 b1 c1", "a1 c1", "a1 b2 c1", "a1 c1", "a1 b2 c1"),
        ("a1 b1 c1 d1", "b1 a1 c1 d1", "a1 c1 d1 b1", "b1 a1 c1 d1", "a1 c1 d1 b1"),
    ],
)
def test_a_contradiction_is_settled_by_the_editor(
    base: str, fix: str, pending: str, with_fix: str, with_pending: str
) -> None:
    [conflict] = merged(base, fix, pending).conflicts
    assert conflict.key == "b"
    assert simple(merged(base, fix, pending, b=FIX).text) == with_fix.split()
    assert simple(merged(base, fix, pending, b=PENDING).text) == with_pending.split()
    assert merged(base, fix, pending).text == merged(base, fix, pending, b=PENDING).text


def test_what_the_fix_does_is_named() -> None:
    result = merged("a1 b1 c1 d1 e1", "e1 a2 b1 n1 d1", "a1 b1 c1 d1 e1 p1")
    assert {(change.key, change.what) for change in result.changes} == {
        ("a", What.CHANGED),
        ("c", What.REMOVED),
        ("n", What.ADDED),
        ("e", What.MOVED),
    }


@pytest.mark.parametrize(
    ("fix", "pending", "title", "disputed"),
    [("F", "Old", "F", False), ("Old", "P", "P", False), ("F", "P", "P", True), ("F", "F", "F", False)],
)
def test_a_title_is_merged_like_a_clause(fix: str, pending: str, title: str, disputed: bool) -> None:
    result = merge(base=wording(title="Old"), fix=wording(title=fix), pending=wording(title=pending))
    assert result.text.title == title
    assert [conflict.key for conflict in result.conflicts] == [TITLE] * disputed
    settled = merge(
        base=wording(title="Old"), fix=wording(title=fix), pending=wording(title=pending), settled={TITLE: FIX}
    )
    assert settled.text.title == (fix if disputed else title)


def test_the_order_of_ticked_boxes_is_no_change() -> None:
    base, fix, pending = (
        Wording("", [{"type": "data", "value": {"subjects": subjects}, "id": "a"}])
        for subjects in (["visitors", "subscribers"], ["subscribers", "visitors"], ["visitors"])
    )
    assert merge(base=base, fix=fix, pending=pending) == Merged(pending, [], [])


def test_the_keys_of_the_text_editor_are_no_change() -> None:
    base, pending = wording(("a", "one")), wording(("a", "two"))
    saved: Any = {"text": '<p data-block-key="x1y2z">one</p>', "anchor": ""}
    result = merge(base=base, fix=Wording(base.title, [{**base.blocks[0], "value": saved}]), pending=pending)
    assert result == Merged(pending, [], [])
