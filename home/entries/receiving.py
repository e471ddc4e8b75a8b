"""What is written down when somebody agrees that something of what they sent is shown to everybody?"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from consent import decide
from consent.told import Told
from home.entries import telling
from home.entries.showing import State, purpose
from home.models import FormPage, Inquiry, PublicEntry
from records import keys


def receive(
    *,
    inquiry: Inquiry | None,
    form: FormPage,
    content: Sequence[Mapping[str, Any]],
    statement: str,
    email: str,
    locale: str,
    told: Told,
    path: str,
    now: datetime,
) -> PublicEntry:
    """Records the consent and the entry that rests on it, and writes to its author where it is shown and how to take it
    down. `content` is what they agreed to show, each {"key", "label", "kind", "said"}; `statement` the words they
    agreed to; `path` the page on which they did.

    Raises ValueError for nothing to show, for no words, and for no address: nobody could be told how to take it down.
    """
    if not content or not statement.strip() or not email:
        raise ValueError("An entry needs something to show, the words agreed to, and an address to tell its writer.")
    with transaction.atomic():
        decision, _new = decide.record(
            choices={purpose(form.pk, each["key"]): True for each in content},
            source=decide.Source.FORM,
            at=now,
            key=uuid.uuid4(),
            told=told,
            statement=statement,
            locale=locale,
            path=path,
        )
        entry = PublicEntry.objects.create(
            form=form,
            inquiry=inquiry,
            subject_key=keys.of_person(email, now=now),
            email=email,
            decision=decision,
            content=[dict(each) for each in content],
            locale=locale,
            state=State.WAITING if form.moderated else State.SHOWN,
            received_at=now,
            changed_at=now,
        )
        telling.tell(entry, now=now)
    return entry
