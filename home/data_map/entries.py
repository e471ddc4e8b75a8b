"""What visitors chose to publish."""

from django.utils.translation import gettext_lazy as _

from records import access_log
from records.access_log import Act
from records.registry import Basis, Category, Datum, Keep, Purpose, Receiver, Source, Subject, register
from records.sealed import found_by

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
    find_by=found_by("email_index"),
)
