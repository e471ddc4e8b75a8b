"""What lies beside the ledger: rows that no entry stands for, and the texts behind the decisions?"""

import hashlib
import json
from collections.abc import Iterator
from uuid import UUID

from consent.proof import checks, rows
from consent.proof.faults import Kind, Report
from consent.proof.rows import Texts
from policies import chain

_INSERTED = """
SELECT row.{decision} FROM {table} row WHERE row.seq <= %s AND NOT EXISTS (
    SELECT FROM consent_ledgerentry entry WHERE entry.decision = row.{decision} AND entry.kind = %s)
ORDER BY row.seq LIMIT 10000
"""
_SNAPSHOT = "SELECT id, sha256, content, number FROM consent_snapshot WHERE id > %s ORDER BY id LIMIT 20"


def without_an_entry(up_to: int, shown: Texts, report: Report) -> None:
    """Rows that came after the last seal are as good as their leaf; none may lie before it."""
    decision, redaction = ("decision", "consent_decision", "id"), ("redaction", "consent_redaction", "decision")
    for kind, table, column in (decision, redaction):
        for (row,) in rows.asked(_INSERTED.format(table=table, decision=column), [up_to, kind]):
            name = f"decision {row}" if kind == "decision" else f"redaction of decision {row}"
            report.add(Kind.INSERTED, name, "is under no seal, and older than the last: it was added afterwards.")
    for batch in rows.decisions_after(up_to, shown):
        ids = [row["id"] for row in batch]
        known, redacted = _entered(ids, "decision"), rows.redactions(ids)
        for row in batch:
            if row["id"] not in known:
                checks.unsealed_decision(row, is_redacted=row["id"] in redacted, report=report)
    for batch in rows.redactions_after(up_to):
        known = _entered([row["decision"] for row in batch], "redaction")
        for row in batch:
            if row["decision"] not in known:
                checks.unsealed_redaction(row, report=report)


def _entered(ids: list[UUID], kind: str) -> set[UUID]:
    """Those with an entry: it was compared already."""
    question = "SELECT decision FROM consent_ledgerentry WHERE decision = ANY(%s) AND kind = %s"
    return {row[0] for row in rows.asked(question, [ids, kind])}


def texts(report: Report) -> None:
    """Are the published configurations and the policy's versions what their hashes say?"""
    for sha256, content, number in _snapshots():
        name = f"published configuration {sha256[:12]}"
        if hashlib.sha256(content.encode()).hexdigest() != sha256:
            report.add(Kind.TEXT, name, "does not say what its hash was made of.")
        elif json.loads(content).get("number", number) != number:
            report.add(Kind.TEXT, name, f"is not number {number} of its site.")
    for fault in chain.faults():
        report.add(Kind.TEXT, f"policy text {fault.row.sha256[:12]}", f"{fault.what}.")


def _snapshots() -> Iterator[tuple[str, str, int]]:
    after = rows.BEFORE_ALL
    while batch := rows.asked(_SNAPSHOT, [after]):
        yield from ((row[1], row[2], row[3]) for row in batch)
        after = batch[-1][0]
