"""By what is an inquiry found, although what it says is sealed?"""

import re

from django.db.models import QuerySet

from home.models import Inquiry
from records import cipher


def index_of(words: str) -> tuple[str, str]:
    """What an e-mail address, a telephone number or a name is found by: which index, and its value in hexadecimal."""
    kind = "name"
    if "@" in words:
        kind = "email"
    elif re.search(r"\d", words) and not re.search(r"[^\W\d_]", words):
        kind = "phone"
    return kind, cipher.blind(kind, words).hex()


def found(kind: str, index: str) -> QuerySet[Inquiry]:
    """Raises ValueError for what `index_of` never says."""
    if kind not in {"email", "phone", "name"} or len(value := bytes.fromhex(index)) not in {0, cipher.INDEX_BYTES}:
        raise ValueError("No such index.")
    return Inquiry.objects.filter(**{f"{kind}_index": value})
