"""What does a mail server mean by its answer: never, later, or not like this? By its code (RFC 5321), its status (RFC
3463), and its words where both say nothing."""

import re
from enum import Enum, auto

from mailing.transport.shapes import Answer, Stage

LONGEST = 200  # letters that are kept of an answer
_READ = 1000  # letters of it that are looked at


class Verdict(Enum):
    ACCEPTED = auto()
    LATER = auto()  # the same again, after a while
    SOFT = auto()  # the mailbox is full
    NEVER_ADDRESS = auto()  # there is no such mailbox, or nobody reads it any more
    NEVER_MESSAGE = auto()  # this message is refused; the address may be in order
    SENDER = auto()  # it is about us: our address, our login, our right to send
    CLOSING = auto()  # 421: the server hangs up


_LOGIN = {523, 524, 525, 530, 534, 535, 538}  # RFC 4954, 6 and RFC 5248
_NO_MAILBOX = {550, 551, 553, 556}  # to RCPT; RFC 5321, 4.2.3 and RFC 7504
_FULL = {"4.2.2", "5.2.2"}
_OF_SIZE = {"5.2.3", "5.3.4"}
_OF_US = {"5.1.7", "5.1.8", "5.4.5", "5.7.3", "5.7.8", "5.7.57", "5.7.60", "5.7.64"}
_OF_ADDRESS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310"}
_VAGUE = {"", "5.0.0", "5.1.0", "5.2.0", "5.4.0", "5.4.1", "5.5.0"}  # "other", or used for anything: the words decide

# What servers write, without the addresses they repeat.
_IS_FULL = re.compile(
    r"(mailbox|inbox|account|user)\b.{0,40}\b(full|over ?quota|quota exceeded|out of storage)"
    r"|exceed\w* (its |the )?(mailbox |disk |storage )(quota|allocation|limit)",
    re.IGNORECASE | re.DOTALL,
)
_IS_US = re.compile(
    r"\brelay(ing)?\b.{0,40}\b(denied|not (permitted|allowed)|prohibited)|(not|n't|unable to) relay|rcpthosts"
    r"|sender (address |domain )?(rejected|verify fail|verification fail|unknown|not found)",
    re.IGNORECASE | re.DOTALL,
)
_IS_NOBODY = re.compile(
    r"(user|mailbox|recipient|address|account|alias)\b.{0,60}\b(unknown|not found|no longer|not exist|n't exist|"
    r"disabled|inactive|suspended|closed|discontinued|not (a )?valid|invalid|not known|not listed)"
    r"|(no such|unknown|invalid|non-?existent|not a valid|no) (local |recipient )?"
    r"(user|mailbox|recipient|address|account|person)"
    r"|unroute?able|recipient address rejected: access denied|n't have an? .{0,40}account",
    re.IGNORECASE | re.DOTALL,
)
_IS_POLICY = re.compile(
    r"spam|junk|unsolicited|block|black ?list|\blisted|dnsbl|\brbl\b|polic|reputation|content|virus|malware|phish"
    r"|dmarc|dkim|\bspf\b|reverse dns|\bptr\b|authenticat|denied|banned|prohibited|not allowed|too many|suspicious",
    re.IGNORECASE,
)
# At the beginning of a line, after a code, in brackets, or after "#" or a colon; no part of an IP address.
_STATUS = re.compile(r"(?:^|\b[245]\d\d[ -]|[#(\[<]|: )#?\s*([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)", re.MULTILINE)
_ADDRESS = re.compile(r"<?(?:\"[^\"\n]*\"|[^\s<>@:;,()\[\]'\"]+)(?:@|%40)[^\s<>@:;,()\[\]'\"]+>?", re.IGNORECASE)


def verdict(answer: Answer) -> Verdict:
    if answer.accepted:
        return Verdict.ACCEPTED
    if answer.code == 421:
        return Verdict.CLOSING
    said, words = status(answer.text), _ADDRESS.sub(" ", answer.text[:_READ])
    is_full = said in _FULL if said else _IS_FULL.search(words)
    if is_full and answer.stage != Stage.SENDER:
        return Verdict.SOFT
    if not 500 <= answer.code < 600:
        return Verdict.LATER
    if said in _VAGUE or not said.startswith("5"):
        return _by_words(answer, words)
    return _by_status(answer, said, words)


def _by_status(answer: Answer, said: str, words: str) -> Verdict:
    if answer.code in _LOGIN or said in _OF_US or (said in ("5.7.0", "5.7.1") and _IS_US.search(words)):
        return Verdict.SENDER
    if said in _OF_SIZE:
        return Verdict.NEVER_MESSAGE
    if answer.stage == Stage.SENDER:
        return Verdict.SENDER
    return Verdict.NEVER_ADDRESS if said in _OF_ADDRESS else Verdict.NEVER_MESSAGE


def _by_words(answer: Answer, words: str) -> Verdict:
    if answer.code in _LOGIN or _IS_US.search(words):
        return Verdict.SENDER
    if answer.stage == Stage.SENDER:
        return Verdict.NEVER_MESSAGE if answer.code == 552 else Verdict.SENDER
    if _IS_NOBODY.search(words):
        return Verdict.NEVER_ADDRESS
    if answer.stage == Stage.RECIPIENT and answer.code in _NO_MAILBOX and not _IS_POLICY.search(words):
        return Verdict.NEVER_ADDRESS
    return Verdict.NEVER_MESSAGE


def status(text: str) -> str:
    """RFC 3463's three numbers: "5.1.1", or "" where the answer has none."""
    found = _STATUS.search(text[:_READ])
    return found[1] if found else ""


def without_addresses(text: str, *, recipient: str = "") -> str:
    """What may be kept: one line of at most LONGEST letters, the status first and no address in it; of `recipient` not
    the part before the @ alone either."""
    line = text[:_READ]
    if "@" in line or "%40" in line:
        line = _ADDRESS.sub("…", line)
    if local := recipient.rpartition("@")[0]:
        line = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", line, flags=re.IGNORECASE)
    said = status(text)
    if said and (not line.startswith(said) or "\n" in line):  # every line of a long reply repeats it
        line = said + " " + re.sub(rf"[#(\[<]*(?<![\d.]){re.escape(said)}(?!\.?\d)[)\]>]*", " ", line)
    if not line.isprintable():
        line = "".join(letter if letter.isprintable() else " " for letter in line)
    line = " ".join(line.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
