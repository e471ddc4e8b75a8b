"""Where a choice arrives and where its evidence is read."""

from consent.views.deciding import decide_view
from consent.views.decisions import decisions, decisions_json
from consent.views.evidence import gpc, module, seals, snapshot
from consent.views.preferences import preferences
from consent.views.receipts import receipt, receipt_json

__all__ = [
    "decide_view",
    "decisions",
    "decisions_json",
    "gpc",
    "module",
    "preferences",
    "receipt",
    "receipt_json",
    "seals",
    "snapshot",
]
