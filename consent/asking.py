"""How many people would be asked again, and about which groups?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

EXACT = 200_000  # standing choices up to which people are told apart; above, every choice counts as somebody
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FEW = """
SELECT count(*) FROM (
    SELECT FROM consent_decision d JOIN consent_snapshot s ON s.id = d.snapshot_id
    WHERE s.site_id = %(site)s AND d.expires_at > %(at)s AND d.decided_at >= %(again)s LIMIT %(exact)s + 1
) found
"""
_PEOPLE = """
WITH standing AS MATERIALIZED (
    SELECT DISTINCT ON (d.consent_id) d.choices, s.number
    FROM consent_decision d JOIN consent_snapshot s ON s.id = d.snapshot_id
    WHERE s.site_id = %(site)s AND d.expires_at > %(at)s AND d.decided_at >= %(again)s
    ORDER BY d.consent_id, d.seq DESC
)
SELECT '', count(*) FROM standing
UNION ALL SELECT key, count(*) FROM standing, unnest(%(groups)s::text[], %(since)s::int[]) AS groups(key, since)
WHERE choices ? key AND number >= since GROUP BY key
UNION ALL SELECT '*', count(*) FROM standing WHERE EXISTS (
    SELECT FROM unnest(%(anew)s::text[], %(anew_since)s::int[]) AS groups(key, since)
    WHERE choices ? key AND number >= since
)
"""
_CHOICES = """
WITH numbered AS MATERIALIZED (SELECT id, number FROM consent_snapshot WHERE site_id = %(site)s),
grouped AS (
    SELECT d.snapshot_id, d.choices, count(*) AS made FROM consent_decision d
    WHERE d.snapshot_id IN (SELECT id FROM numbered) AND d.expires_at > %(at)s AND d.decided_at >= %(again)s
    GROUP BY d.snapshot_id, d.choices
),
standing AS (SELECT choices, made, number FROM grouped JOIN numbered ON numbered.id = grouped.snapshot_id)
SELECT '', coalesce(sum(made), 0) FROM standing
UNION ALL SELECT key, sum(made) FROM standing, unnest(%(groups)s::text[], %(since)s::int[]) AS groups(key, since)
WHERE choices ? key AND number >= since GROUP BY key
UNION ALL SELECT '*', coalesce(sum(made), 0) FROM standing WHERE EXISTS (
    SELECT FROM unnest(%(anew)s::text[], %(anew_since)s::int[]) AS groups(key, since)
    WHERE choices ? key AND number >= since
)
"""


@dataclass(frozen=True)
class Asked:
    """`people` have a choice that counts now; `chosen` of them about each group, by its key; `again` of them are asked
    again. Where `at_most` says so, who chose twice is counted twice."""

    people: int
    chosen: Mapping[str, int]
    again: int
    at_most: bool


def who(
    site_id: int,
    standing: Mapping[str, int],
    anew: Collection[str],
    *,
    at: datetime,
    asked_again_since: datetime | None = None,
) -> Asked:
    """`standing` says for each group since which snapshot number its choices count now; `anew` names the groups whose
    choice starts anew: one that is not in `standing` is new, and everybody is asked about it. `asked_again_since` is
    the instant before which choices are too old already."""
    values: dict[str, Any] = {"site": site_id, "at": at, "again": asked_again_since or _LONG_AGO, "exact": EXACT}
    values |= {"groups": list(standing), "since": list(standing.values())}
    known = {key: since for key, since in standing.items() if key in anew}
    values |= {"anew": list(known), "anew_since": list(known.values())}
    with connection.cursor() as cursor:
        cursor.execute(_FEW, values)
        at_most = cursor.fetchone()[0] > EXACT
        cursor.execute(_CHOICES if at_most else _PEOPLE, values)
        counts = {key: int(count) for key, count in cursor.fetchall()}
    again = counts[""] if set(anew) - set(standing) else counts["*"]
    return Asked(counts[""], {key: counts.get(key, 0) for key in standing}, again, at_most)
