"""What keeps data from reaching a third party? Each rule with the sentence that says why."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import terms
from records.models import DisclosureOrder, Recipient, Term
from records.registry import Ground, declared

SECOND_PERSON = (Ground.AUTHORITY, Ground.SUCCESSION)
DISCLOSE = "records.disclose"
APPROVE = "records.approve_disclosureorder"
Sets = Mapping[str, Collection[str]]  # columns by data set: {"home.Inquiry": ["name", "email"]}
# Of people by their addresses those who agree, at an instant, that a recipient gets their data; and by which decision.
Consents = Callable[[Recipient, Collection[str], datetime], Mapping[str, UUID]]
_asked: dict[Consents, Sets] = {}
# Members of the European Union, Iceland, Liechtenstein and Norway (ISO 3166-1).
_EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)


class Refused(Exception):
    """Nothing leaves; the message says why."""


def consents(known: Consents, *, covers: Sets) -> None:
    """Gives what a floor above knows of people's consents to share, and which columns their words cover. Called from an
    app's ready(); the same `known` again replaces."""
    _asked[known] = covers


def agreed(recipient: Recipient, people: Collection[str], at: datetime) -> dict[str, UUID]:
    """Those of `people`, by address, with a live consent to this recipient at `at` (UTC), and the decision."""
    found: dict[str, UUID] = {}
    for known in _asked:
        found |= known(recipient, people, at)
    return found


def grounds(at: datetime) -> list[Ground]:
    """What the policies in force at `at` (UTC) list as grounds for letting data reach a third party."""
    listed = terms.all_in_force(terms.Kind.GROUND, at)
    return [ground for ground in Ground if ground.value in listed]


def stated(ground: str, at: datetime) -> Term:
    """The term that lists a ground at `at` (UTC). Raises Refused where none does: a version not yet in force is no
    ground."""
    term = terms.in_force(terms.Kind.GROUND, ground, at) if ground in Ground.values else None
    if term is None:
        raise Refused(why_not(ground, at))
    return term


def why_not(ground: str, at: datetime) -> str:
    """Why `ground` is none at `at` (UTC), and when it will be."""
    if not grounds(at):
        return _(
            "No policy in force lists a ground for letting data reach third parties, so nothing is handed out. Add a "
            "clause “Grounds of disclosure” to the policy, and publish it."
        )
    coming = Term.objects.filter(kind=terms.Kind.GROUND, key=ground, effective_from__gt=at, sheet__withdrawal=None)
    if first := coming.order_by("effective_from").first():
        sentence = _("The version that lists this ground takes force on %(when)s UTC; until then it is none.")
        return sentence % {"when": f"{first.effective_from:%Y-%m-%d %H:%M}"}
    return _("The policy in force does not list this ground.")


def check(
    *, recipient: Recipient, ground: str, sets: Sets, asked_by: Any, order: DisclosureOrder | None, at: datetime
) -> Term:
    """The term that allows it at `at` (UTC). Raises Refused."""
    if not Recipient.objects.filter(pk=recipient.pk).exists():
        raise Refused(_("Data goes to nobody who is not among the recipients: add them there first."))
    term = stated(ground, at)
    if asked_by is not None and not asked_by.has_perm(DISCLOSE):
        raise Refused(_("You may not hand out data to third parties."))
    if ground in SECOND_PERSON and order is None:
        raise Refused(
            _("On this ground data is handed out by two people: one proposes, another approves. Propose it first.")
        )
    check_sets(sets, secret=ground == Ground.SUCCESSION)
    if ground == Ground.CONSENT:
        _check_covered(sets)
    return term


def check_sets(sets: Sets, *, secret: bool) -> None:
    """Raises Refused for what is not declared, and for secrets: those go with the whole site alone."""
    if not any(sets.values()):
        raise Refused(_("Nothing was chosen to be handed out."))
    for label, columns in sets.items():
        entry = declared().get(label)
        unknown = sorted(set(columns) - entry.columns) if entry else []
        if entry is None or unknown:
            what = ", ".join(unknown) if unknown else label
            raise Refused(_("The data map does not declare %(what)s, so it is not handed out.") % {"what": what})
        hidden = sorted(name for name in columns if name in entry.personal and entry.personal[name].secret)
        if hidden and not secret:
            sentence = _("%(what)s of “%(title)s” is a secret, and handed out to nobody.")
            raise Refused(sentence % {"what": ", ".join(hidden), "title": entry.title})


def _check_covered(sets: Sets) -> None:
    """What people agreed to is what they were told."""
    for label, columns in sets.items():
        covered = {column for covers in _asked.values() for column in covers.get(label, ())}
        if beyond := sorted(set(columns) - covered):
            sentence = _("%(what)s of “%(title)s” is not part of what people are asked to agree to.")
            raise Refused(sentence % {"what": ", ".join(beyond), "title": declared()[label].title})


def check_order(order: DisclosureOrder, *, recipient: Recipient, ground: str, sets: Sets) -> Any:
    """The account that approved this and nothing else, and still may. Raises Refused."""
    if order.state == DisclosureOrder.State.DONE:
        raise Refused(_("This was handed out already, and is handed out once."))
    if order.state != DisclosureOrder.State.APPROVED or order.decided_by_id in {None, order.proposed_by_id}:
        raise Refused(_("A second person has not approved this."))
    if order.ground == Ground.AUTHORITY and not order.document_sha256:
        raise Refused(_("What a court or a state body asks for is handed out with its document on record."))
    asked = (recipient.pk, ground, as_written(sets))
    if asked != (order.recipient_id, order.ground, as_written(order.sets)):
        raise Refused(_("This is not what was approved. Propose it anew."))
    approver = get_user_model().objects.filter(pk=order.decided_by_id).first()
    if approver is None or not approver.has_perm(APPROVE):
        raise Refused(_("Whoever approved this may not approve any more. Propose it anew."))
    return approver


def as_written(sets: Sets) -> dict[str, list[str]]:
    """In one order, so that the same is the same."""
    return {label: sorted(columns) for label, columns in sorted(sets.items()) if columns}


def without_consent(count: int, of: int, recipient: Recipient) -> Refused:
    sentence = ngettext(
        "%(count)d of %(of)d people has not agreed that %(recipient)s gets their data, so nothing leaves.",
        "%(count)d of %(of)d people have not agreed that %(recipient)s gets their data, so nothing leaves.",
        count,
    )
    return Refused(sentence % {"count": count, "of": of, "recipient": recipient.name})


def warnings(recipient: Recipient) -> list[str]:
    """What whoever hands out data to this recipient should know, and answers for (GDPR Art. 44-46)."""
    if not recipient.country:
        return [_("It is not known in which country %(name)s is. Say so first.") % {"name": recipient.name}]
    if recipient.country not in _EEA and not recipient.safeguard:
        sentence = _(
            "%(name)s is outside the European Economic Area, and no safeguard is recorded: adequacy decision, standard "
            "contractual clauses … (GDPR Art. 44-46)."
        )
        return [sentence % {"name": recipient.name}]
    return []
