"""What changed between two frozen texts: clause by clause, word by word, and in what the site is obliged to?"""

from policies.compare.texts import ClauseChange, Comparison, Passage, Summary, compare

__all__ = ["ClauseChange", "Comparison", "Passage", "Summary", "compare"]
