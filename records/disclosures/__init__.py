"""To whom did which data go, on which ground, who allowed it, and what keeps the rest from going?"""

from records.disclosures.drift import Drift, drift, named_in_texts, unnamed
from records.disclosures.refusals import Refused, consents, grounds, warnings, why_not
from records.disclosures.register import disclose, faults, is_intact

__all__ = [
    "Drift",
    "Refused",
    "consents",
    "disclose",
    "drift",
    "faults",
    "grounds",
    "is_intact",
    "named_in_texts",
    "unnamed",
    "warnings",
    "why_not",
]
