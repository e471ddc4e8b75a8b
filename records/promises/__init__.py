"""Does the site do what its policies say? Each promise with what shows it; floors above add their own."""

from records.promises.checks import GRACE, Answered, Check, answers, examine, register, registered
from records.promises.counting import counted
from records.promises.own import register_own
from records.promises.remembering import last
from records.promises.reporting import InForce, in_force, report, shown
from records.promises.shapes import Promise, State, Text, broken, later, listed, sentences
from records.promises.stated import Stated
from records.promises.stretches import Stretch, stretches

__all__ = [
    "GRACE",
    "Answered",
    "Check",
    "InForce",
    "Promise",
    "State",
    "Stated",
    "Stretch",
    "Text",
    "answers",
    "broken",
    "counted",
    "examine",
    "in_force",
    "last",
    "later",
    "listed",
    "register",
    "registered",
    "report",
    "sentences",
    "shown",
    "stretches",
]

register_own()
