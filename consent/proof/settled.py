"""Up to which number of the ledger can no row appear any more?

A sequence is no order of commits: a number can be drawn long before its row is seen. Every number is drawn under a lock
on the table it is for; once those who held one when the sequence was read are gone, all lower numbers are settled.
"""

import time

from django.db import connection

PATIENCE = 10.0  # seconds; a transaction that takes longer is left for the next time
_POLL = 0.02  # seconds
_LAST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM consent_ledger_seq"
# One's own transaction sees its rows, and they stand or fall with what it goes on to write.
_WRITING = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation IN ('consent_decision'::regclass, 'consent_redaction'::regclass)
"""


def up_to(*, patience: float | None = None) -> int | None:
    """The number; None when somebody goes on writing for longer than `patience` seconds."""
    last = _asked(_LAST)[0]
    waited_for, until = set(_asked(_WRITING)), time.monotonic() + (PATIENCE if patience is None else patience)
    while waited_for:
        if time.monotonic() >= until:
            return None
        time.sleep(_POLL)
        waited_for &= set(_asked(_WRITING))
    return int(last)


def _asked(question: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [row[0] for row in cursor.fetchall()]
