"""Who runs the site, what its policies oblige it to, and the evidence that it does."""

from records.models.actions import Action, HeldAction, Salt, StreamPosition
from records.models.disclosures import DisclosedSubject, Disclosure, DisclosureOrder
from records.models.evidence import AccessEntry, Backup, PromiseCheck
from records.models.keys import SubjectKey
from records.models.parties import Controller, Recipient, country_code, web_address
from records.models.requests import Erasure, ExportFile, RequestEvent, SubjectRequest
from records.models.retention import ChainEnd, Hold, RetentionRun, RetentionTally, UploadBegun
from records.models.terms import Term, TermSheet, TermSheetWithdrawal

__all__ = [
    "AccessEntry",
    "Action",
    "Backup",
    "ChainEnd",
    "Controller",
    "DisclosedSubject",
    "Disclosure",
    "DisclosureOrder",
    "Erasure",
    "ExportFile",
    "HeldAction",
    "Hold",
    "PromiseCheck",
    "Recipient",
    "RequestEvent",
    "RetentionRun",
    "RetentionTally",
    "Salt",
    "StreamPosition",
    "SubjectKey",
    "SubjectRequest",
    "Term",
    "TermSheet",
    "TermSheetWithdrawal",
    "UploadBegun",
    "country_code",
    "web_address",
]
