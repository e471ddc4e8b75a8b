"""What became of each recipient, by the rows and by what the mail server took? And is anything of it forbidden?"""

from collections import Counter
from dataclasses import dataclass

from mailing import tokens
from mailing.models import Campaign, Delivery
from tests.sink import Accepted

State = Delivery.State
# What a row says of a message that the mail server need not have: nobody believes that it arrived.
REPORTED = {State.FAILED, State.SKIPPED, State.UNKNOWN}


def row_of(message_id: str) -> int:
    return tokens.read_lower(message_id[1:].partition("@")[0], tokens.MESSAGE)


@dataclass(frozen=True)
class Figures:
    """Rows by their keys."""

    states: dict[int, str]
    taken: Counter[int]
    people: Counter[str]
    ended: bool

    @property
    def twice(self) -> list[int]:
        return sorted(key for key, times in self.taken.items() if times > 1)

    @property
    def lost(self) -> list[int]:
        """Never taken, and no row says so."""
        return sorted(key for key, state in self.states.items() if state not in REPORTED and not self.taken[key])

    @property
    def hidden(self) -> list[int]:
        """Taken, and the row denies it."""
        told = {State.SENT, State.UNKNOWN}
        return sorted(key for key in self.taken if self.states.get(key) not in told)

    @property
    def unknown(self) -> list[int]:
        return sorted(key for key, state in self.states.items() if state == State.UNKNOWN)

    @property
    def unfinished(self) -> list[int]:
        over = {*REPORTED, State.SENT}
        return sorted(key for key, state in self.states.items() if state not in over)

    def told(self) -> str:
        by_state = Counter(self.states.values())
        arrived = sum(1 for key in self.unknown if self.taken[key])
        return (
            f"{len(self.states)} recipients, {self.taken.total()} accepted, {len(self.twice)} twice, "
            f"{len(self.lost)} lost, unknown {self.unknown or 'none'} ({arrived} had left), "
            + ", ".join(f"{count} {state}" for state, count in sorted(by_state.items()))
        )


def figures(campaign: Campaign, accepted: list[Accepted]) -> Figures:
    return Figures(
        states=dict(campaign.deliveries.values_list("pk", "state")),
        taken=Counter(row_of(each.message_id) for each in accepted),
        people=Counter(each.recipient for each in accepted),
        ended=Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.SENT).exists(),
    )


def broken_rules(found: Figures, *, in_doubt: int, repeats: int = 0) -> list[str]:
    """Which rules were broken. At most `in_doubt` rows may be unknown, and `repeats` messages may have come twice:
    of what is owed, under the same Message-ID."""
    again = found.taken.total() - len(found.taken)
    rules = {
        f"{again} messages came again, {found.twice} among them": again > repeats,
        "somebody got two messages with different names": len(found.people) != len(found.taken),
        f"never sent and not reported: {found.lost}": bool(found.lost),
        f"arrived, and the row denies it: {found.hidden}": bool(found.hidden),
        f"{len(found.unknown)} rows are unknown, not {in_doubt} at most": len(found.unknown) > in_doubt,
        f"still under way: {found.unfinished}": bool(found.unfinished),
        "the campaign has not ended": not found.ended,
    }
    return [rule for rule, is_broken in rules.items() if is_broken]
