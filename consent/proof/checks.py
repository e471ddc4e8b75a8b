"""Does one row say what its leaf was made of, and is it where the ledger has it?"""

from collections.abc import Callable
from hmac import compare_digest

from consent.proof import keys, leaves
from consent.proof.faults import Kind, Report
from consent.proof.rows import Entry, Row

Of = Callable[[Row], bytes]


def entry(entry: Entry, body: Row | None, redaction: Row | None, report: Report) -> None:
    """One entry against the rows it stands for."""
    if entry.kind == "redaction":
        _redaction_entry(entry, redaction, report)
    elif entry.kind != "decision":
        report.add(Kind.EDITED, f"entry {entry.position}", f"is of no kind we write: {entry.kind!r}.")
    elif redaction:
        _redacted(entry, body, redaction, report)
    elif body:
        _decision(entry, body, report)
    else:
        name = f"decision {entry.decision}"
        report.add(Kind.DELETED, name, f"is gone, and no redaction says why (entry {entry.position}).")


def _decision(entry: Entry, body: Row, report: Report) -> None:
    name = f"decision {entry.decision}"
    if not _says(leaves.of_decision, body, name, report):
        return
    if body["leaf"] != entry.leaf:
        report.add(Kind.EDITED, name, f"has another leaf than entry {entry.position}.")
    elif body["seq"] != entry.seq:
        report.add(Kind.MOVED, name, f"is number {body['seq']}; entry {entry.position} has it as {entry.seq}.")


def _redacted(entry: Entry, body: Row | None, redaction: Row, report: Report) -> None:
    name = f"decision {entry.decision}"
    if body:
        report.add(Kind.PUT_BACK, name, "was erased, and is there again.")
    elif bytes(redaction["decision_leaf"]) != entry.leaf:
        report.add(Kind.FORGED, name, f"was erased with another leaf than entry {entry.position} has.")
    elif _leaf(leaves.of_redaction, redaction, name, report) is False:
        report.add(Kind.FORGED, name, "is gone, and the redaction that is to say why was not made here, or altered.")
    else:
        report.redacted += 1


def _redaction_entry(entry: Entry, redaction: Row | None, report: Report) -> None:
    name = f"redaction of decision {entry.decision}"
    if redaction is None:
        report.add(Kind.DELETED, name, f"is gone (entry {entry.position}).")
    elif not _says(leaves.of_redaction, redaction, name, report):
        return
    elif redaction["leaf"] != entry.leaf:
        report.add(Kind.EDITED, name, f"has another leaf than entry {entry.position}.")
    elif redaction["seq"] != entry.seq:
        report.add(Kind.MOVED, name, f"is number {redaction['seq']}; entry {entry.position} has it as {entry.seq}.")


def unsealed_decision(body: Row, *, is_redacted: bool, report: Report) -> None:
    """A row behind the last seal is as good as its leaf."""
    name = f"decision {body['id']}"
    if is_redacted:
        report.add(Kind.PUT_BACK, name, "was erased, and is there again.")
    elif _says(leaves.of_decision, body, name, report):
        report.unsealed += 1


def unsealed_redaction(row: Row, *, report: Report) -> None:
    if _says(leaves.of_redaction, row, f"redaction of decision {row['decision']}", report):
        report.unsealed += 1


def _says(of: Of, row: Row, name: str, report: Report) -> bool:
    """Is it what its own leaf was made of? Adds the fault if not."""
    sound = _leaf(of, row, name, report)
    if sound is False:
        report.add(Kind.EDITED, name, "does not say what its leaf was made of: it was altered, or not written here.")
    return bool(sound)


def _leaf(of: Of, row: Row, name: str, report: Report) -> bool | None:
    """None, and a fault of its own, where the key is not known."""
    try:
        return compare_digest(of(row), bytes(row["leaf"]))
    except keys.UnknownKey as unknown:
        report.add(Kind.UNKNOWN_KEY, name, f"cannot be checked: {unknown}")
    except (ValueError, RecursionError, UnicodeEncodeError):  # no text that JSON could be made of
        return False
    return None
