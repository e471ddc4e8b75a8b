"""Is every word of a text that is imported in the draft, in its order, whatever the text looks like?"""

import random
import re

import pytest

from policies import importing
from tests.policies import imported

_WORDS = "we keep your data письма год Straße café naïve & <tag> “quoted” it's a/b C# _ga_ 50% e-mail; §"
_LITTER = "1. 1) 2.1 3.1.2 1.1.1.1 12 2020 - • # ## ** * | a) ---"
WORDS, LITTER = _WORDS.split(), [*_LITTER.split(), "\t", "   "]


def sentence(pick: random.Random, end: str = ".") -> str:
    return " ".join(["Of", *(pick.choice(WORDS) for _ in range(pick.randint(2, 30)))]) + end


def wrapped(pick: random.Random, text: str) -> str:
    return text if pick.random() < 0.5 else re.sub(r"(.{40,60}) (?=\w)", r"\1\n", text)


def policy(pick: random.Random) -> str:
    """A well-formed policy of random shape and words."""
    gap, dot = pick.choice(["\n", "\n\n"]), pick.choice(["", "."])
    parts = ["Notice"]
    for section in range(1, pick.randint(2, 5)):
        parts.append(f"{pick.choice(['', '## '])}{section}. {sentence(pick, '')}"[:80].strip())
        for clause in range(1, pick.randint(2, 5)):
            parts.append(f"{section}.{clause}{dot} {wrapped(pick, sentence(pick))}")
            parts += [f"{section}.{clause}.{sub} {sentence(pick)}" for sub in range(1, pick.randint(1, 4))]
            indents = [""] + [pick.choice(["", "  ", "    "]) for _ in range(pick.randint(0, 3))]
            parts += [
                f"{indent}{pick.choice('-–•*')} {sentence(pick, ';')}" for indent in indents if pick.random() < 0.7
            ]
    return gap.join(parts)


def written(text: str) -> list[str]:
    lines = (re.sub(r"^\s*(?:#+|[-–•*])\s", "", line) for line in text.splitlines())
    return [re.sub(r"^([\d.]+)\.$", r"\1", word) for line in lines for word in line.split()]


@pytest.mark.parametrize("seed", range(60))
def test_every_word_of_a_policy_is_in_its_draft_in_order(seed: int) -> None:
    text = policy(random.Random(seed))
    draft = importing.read(text)
    assert imported.words(draft) == written(text)


@pytest.mark.parametrize("seed", range(60))
def test_no_word_is_lost_from_lines_without_any_order(seed: int) -> None:
    pick = random.Random(seed)
    lines = [" ".join(pick.choices(LITTER, k=pick.randint(0, 2)) + pick.choices(WORDS, k=5)) for _ in range(30)]
    text = "# Notice\n\n" + "".join(line + pick.choice(["\n", "\n\n"]) for line in lines)
    draft = importing.read(text)
    kept = " ".join(imported.words(draft)).replace("*", " ").split()
    assert [word for word in kept if word in WORDS] == [
        word for word in text.replace("*", " ").split() if word in WORDS
    ]
