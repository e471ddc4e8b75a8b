"""What visitors chose to publish."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.models import PublicEntry
from records import access_log
from records.access_log import Act
from records.registry import (
    Basis,
    Category,
    Datum,
    Keep,
    Purpose,
    Receiver,
    Source,
    Subject,
    Told,
    also_find,
    register,
    telling,
)
from records.sealed import found_by

State = PublicEntry.State

register(
    "home.PublicEntry",
    title=_("What visitors publish on the site"),
    personal={
        "content": Datum(Category.MESSAGE, Source.FORM, optional=True, public=True),
        "email": Datum(Category.EMAIL, Source.FORM),
    },
    other=[
        *("id", "form", "inquiry", "subject_key", "email_index", "decision", "locale", "state"),
        *("received_at", "decided_by", "changed_at"),
    ],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.SERVICE],
    basis=Basis.CONSENT,
    receivers=[Receiver.PUBLIC],
    keep=Keep(days=1095, since="received_at", start=_("from the day they arrive, or until they are withdrawn")),
    also=[
        Keep(
            name="refused",
            days=30,
            since="changed_at",
            only=Q(state=State.REFUSED),
            rows=_("What visitors wanted to publish and is not shown"),
            start=_("from the day that was decided"),
        ),
        Keep(
            name="withdrawn",
            days=0,
            since="changed_at",
            only=Q(state=State.WITHDRAWN),
            rows=_("What visitors took down while a legal hold covered it"),
            start=_("longer than that hold, which keeps it out of sight"),
        ),
    ],
    find_by=found_by("email_index"),
    export=telling(
        *("state", "received_at", "changed_at"),
        consent=Told(_("consent"), str, lambda row: str(row.decision_id)),
    ),
)


def _decisions(by: Callable[[str], Q]) -> Callable[[str], Q]:
    """Those that the entries of one person rest on, and what was decided in their place."""

    def find(value: str) -> Q:
        theirs = PublicEntry.objects.filter(by(value)).values_list("decision__consent_id", flat=True)
        return Q(consent_id__in=list(theirs))

    return find


also_find("consent.Decision", {key: _decisions(by) for key, by in found_by("email_index").items()})

access_log.declare("entries:index", "entries:index_results", holding="home.PublicEntry", act=Act.LIST)
access_log.declare("entries:inspect", holding="home.PublicEntry", act=Act.INSPECT)
access_log.declare(
    *("entries:approve", "entries:refuse", "entries:edit", "entries:delete"), holding="home.PublicEntry", act=Act.EDIT
)
