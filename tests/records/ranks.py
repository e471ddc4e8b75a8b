"""Do two samples come from one distribution? Mann and Whitney's test, by ranks: times may scatter as they like."""

import math
from collections.abc import Sequence


def chance(ones: Sequence[float], others: Sequence[float]) -> float:
    """How likely ranks as far apart as these are where both come from one distribution (two-sided, 0 to 1)."""
    pooled = sorted([*((value, 0) for value in ones), *((value, 1) for value in others)])
    ranks = [0.0, 0.0]
    ties, place = 0, 0
    while place < len(pooled):
        end = place
        while end < len(pooled) and pooled[end][0] == pooled[place][0]:
            end += 1
        for _value, which in pooled[place:end]:
            ranks[which] += (place + 1 + end) / 2
        ties += (end - place) ** 3 - (end - place)
        place = end
    few, many = len(ones), len(others)
    total = few + many
    spread = math.sqrt(few * many / 12 * (total + 1 - ties / (total * (total - 1))))
    middle = few * (total + 1) / 2
    return math.erfc(abs(ranks[0] - middle) / spread / math.sqrt(2))
