"""What does a delivery status notification say (RFC 3464, and RFC 6533 for international addresses)?"""

from mailing.returns import verdict
from mailing.returns.mime import blocks
from mailing.returns.shapes import Nothing
from mailing.returns.verdict import Kind

TYPES = {"message/delivery-status", "message/global-delivery-status"}
MOST_RECIPIENTS = 20
# Not failed: on its way still, handed on to a system that sends no notices, or to a list, or delivered.
NOT_FAILED = {"delayed", "relayed", "expanded", "delivered"}


def read(content: str) -> tuple[Kind, str] | Nothing:
    """What became of the message, by the mildest of what is said of its recipients: an alias with one dead member is
    no dead alias."""
    said = [block for block in blocks(content) if "final-recipient" in block or "action" in block or "status" in block]
    if not said or len(said) > MOST_RECIPIENTS:
        return Nothing.UNRECOGNISED
    failed: list[tuple[Kind, str]] = []
    for block in said:
        outcome = _one(block)
        if isinstance(outcome, Nothing):
            return outcome
        failed.append(outcome)
    return next((each for each in failed if each[0] == Kind.SOFT), failed[0])


def _one(block: dict[str, str]) -> tuple[Kind, str] | Nothing:
    action = block.get("action", "").split(" ")[0].split("(")[0].lower()
    if action in NOT_FAILED:
        return Nothing.IGNORED
    diagnostic = block.get("diagnostic-code", "")
    status = verdict.status(block.get("status", ""))
    if verdict.is_vague(status):
        status = verdict.status(diagnostic) or status
    if action != "failed" or not status:
        return Nothing.UNRECOGNISED
    return verdict.kind(status, diagnostic), status
