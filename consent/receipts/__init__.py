"""What does a person get to keep of a decision? A view over the row, the configuration and the policy it points at.

`reading` is what was asked and answered, in the language it was shown in; `record` says it in the fields of ISO/IEC TS
27560, `context` what those are in JSON-LD; `proof` adds the place in the ledger; `files` holds all of it, signed;
`checking` checks such a document where there is no database, `standing` compares it with the one here; `words` says it
in plain language.
"""

from consent.receipts.files import Addresses, document, erased_document
from consent.receipts.proof import Proof, proof_of
from consent.receipts.reading import Shown, decisions_of, find, shown

__all__ = [
    "Addresses",
    "Proof",
    "Shown",
    "decisions_of",
    "document",
    "erased_document",
    "find",
    "proof_of",
    "shown",
]
