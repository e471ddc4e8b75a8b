"""Did anybody alter the evidence: the records of what was deleted, and the register of disclosures?"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from records import disclosures, retention
from records.models import Disclosure, RetentionRun
from records.promises.shapes import Promise, State, Text, later


def unaltered(now: datetime) -> Iterator[Promise]:
    fault = retention.verify()
    where = f"#{fault.record}: {fault.what}" if fault else ""
    yield _promise("records.chain.runs", _runs(), where, there=RetentionRun.objects.exists())
    broken = next(disclosures.faults(), None)
    where = f"#{broken[0]}: {broken[1]}" if broken else ""
    yield _promise("records.chain.disclosures", _disclosures(), where, there=Disclosure.objects.exists())


def _promise(key: str, title: Text, where: str, *, there: bool) -> Promise:
    shown = State.KEPT if there else State.UNSHOWN
    return Promise(
        key=key,
        title=title,
        promised=_promised(),
        stated_by="",
        state=State.BROKEN if where else shown,
        evidence=evidence(bool(where), there=there or bool(where)),
        measured={"altered": bool(where)},
        details=where,
    )


@later
def _runs() -> str:
    return _("Records of what was deleted")


@later
def _disclosures() -> str:
    return _("Register of disclosures")


@later
def _promised() -> str:
    return _("Nobody alters, removes or adds a record afterwards: each holds the hash of the one before")


@later
def evidence(altered: bool, *, there: bool) -> str:
    if altered:
        return _("The hashes do not follow from one another: something was altered.")
    return _("Every hash follows from the one before.") if there else _("Nothing is there.")
