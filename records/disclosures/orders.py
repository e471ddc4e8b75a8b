"""What does one person propose to hand out, and what has a second one to say to it?"""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from records import cipher, keys
from records.disclosures import contents, refusals, register
from records.disclosures.refusals import Refused, Sets
from records.models import Disclosure, DisclosureOrder, Recipient
from records.registry import Ground

State = DisclosureOrder.State
LARGEST = 10 * 1024 * 1024  # bytes of a document
PLACE = "records.DisclosureOrder.document"
# No address is written like this: the key of the site itself, made and wrapped anew as those of people are.
SITE = "(this site)"
_KINDS = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}


def propose(
    *,
    recipient: Recipient,
    ground: str,
    reference: str,
    sets: Sets,
    email: str = "",
    document: bytes = b"",
    document_name: str = "",
    by: Any,
    now: datetime,
) -> DisclosureOrder:
    """Puts down what somebody else is to approve. `email` is whose data; empty: everybody's. The document is sealed
    under the site's own key. Raises Refused for what could not be handed out as it is asked."""
    if ground not in refusals.SECOND_PERSON:
        raise Refused(_("On this ground data is handed out without a second person."))
    refusals.stated(ground, now)
    if not by.has_perm(refusals.DISCLOSE):
        raise Refused(_("You may not hand out data to third parties."))
    if ground == Ground.AUTHORITY and not document:
        raise Refused(_("What a court or a state body asks for is handed out with its document on record."))
    refusals.check_sets(sets, secret=ground == Ground.SUCCESSION)
    if document:
        kind_of(document)
    with transaction.atomic():
        order = DisclosureOrder(recipient=recipient, ground=ground, reference=reference, proposed_by=by)
        order.sets, order.proposed_at = refusals.as_written(sets), now
        order.subject_key = keys.of_person(email, now=now) if email else None
        order.email = email
        _seal(order, document, document_name, now)
        order.save()
    return order


def _seal(order: DisclosureOrder, document: bytes, name: str, now: datetime) -> None:
    if not document:
        return
    order.document_key = keys.of_person(SITE, now=now)
    order.document = cipher.seal(document, order.document_key, PLACE)
    order.document_name, order.document_sha256 = name[-200:], hashlib.sha256(document).hexdigest()


def kind_of(document: bytes) -> str:
    """The media type by its content; what it is called says nothing. Raises Refused for what is no PDF, PNG or JPEG,
    and for more than 10 MB."""
    if len(document) > LARGEST:
        raise Refused(_("The document is too large: %(most)d MB are allowed.") % {"most": LARGEST >> 20})
    if document.startswith(b"%PDF-") and b"%%EOF" in document[-2048:]:
        return _KINDS["PDF"]
    try:
        with Image.open(BytesIO(document), formats=("PNG", "JPEG")) as image:
            image.verify()
            return _KINDS[str(image.format)]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(_("The document is neither a whole PDF nor a PNG or JPEG picture.")) from None


def document(order: DisclosureOrder) -> bytes:
    """What was uploaded. Raises cipher.Damaged, cipher.UnknownKey."""
    assert order.document is not None
    return cipher.open_sealed(bytes(order.document), order.document_key, PLACE)  # type: ignore[arg-type]


def approve(*, order: DisclosureOrder, by: Any, now: datetime) -> None:
    """From now on whoever proposed it may hand it out, once. Raises Refused."""
    _decide(order, State.APPROVED, by, now)


def turn_down(*, order: DisclosureOrder, by: Any, now: datetime) -> None:
    """It is not handed out. Raises Refused."""
    _decide(order, State.REFUSED, by, now)


def _decide(order: DisclosureOrder, state: State, by: Any, now: datetime) -> None:
    if not by.has_perm(refusals.APPROVE):
        raise Refused(_("You may not approve what another person proposes to hand out."))
    with transaction.atomic():
        locked = DisclosureOrder.objects.select_for_update().get(pk=order.pk)
        if locked.proposed_by_id == by.pk:
            raise Refused(_("You proposed this yourself. Somebody else has to look at it."))
        if locked.state != State.PROPOSED:
            raise Refused(_("This was decided already: %(state)s.") % {"state": locked.get_state_display()})
        if state == State.APPROVED:
            refusals.stated(locked.ground, now)
        locked.state, locked.decided_by, locked.decided_at = state, by, now
        locked.save(update_fields=["state", "decided_by", "decided_at"])


def hand_out(*, order: DisclosureOrder, by: Any, now: datetime) -> Disclosure:
    """What was approved, as it is now, once. Raises Refused. Of the whole site `manage.py transfer_site` makes the
    archive instead."""
    if order.ground == Ground.SUCCESSION:
        raise Refused(_("The whole site is handed over by manage.py transfer_site, with this number: %d.") % order.pk)
    wanted = contents.Wanted(sets=order.sets, emails=[order.email] if order.email else None, at=now)
    return register.disclose(
        recipient=order.recipient,
        ground=order.ground,
        sets=order.sets,
        people=contents.people(wanted),
        means=contents.MEANS,
        content=lambda file: contents.write(wanted, file),
        asked_by=by,
        order=order,
        now=now,
    )
