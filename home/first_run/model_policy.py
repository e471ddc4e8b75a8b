"""Which policy can a new site start from? A model in our own words, whose terms are what the software does."""

from pathlib import Path

from policies import importing
from policies.importing import stand_ins
from policies.importing.stand_ins import Block
from records.registry import Basis, Ground, Purpose, Subject, kept, spans

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "ru")
PURPOSES = (
    (Purpose.SERVICE, Basis.INTEREST),
    (Purpose.COMMUNICATION, Basis.CONTRACT),
    (Purpose.PROMOTION, Basis.CONSENT),
    (Purpose.MEASUREMENT, Basis.INTEREST),
    (Purpose.SECURITY, Basis.INTEREST),
    (Purpose.LEGAL, Basis.OBLIGATION),
)
# What visitors and subscribers leave behind, by the name of its place in the text.
PERIODS = {
    "[given]": ("home.Inquiry", "mailing.Letter", "home.PublicEntry", "mailing.Subscription", "mailing.Subscriber"),
    "[choices]": ("consent.choice", "consent.Decision"),
    "[reading]": ("records.Action", "mailing.LinkFollowed"),
    "[requests]": ("records.SubjectRequest", "records.ExportFile", "backups"),
}
_MONTHS = {182: 6, 91: 3, 30: 1}  # days that are meant as months


def written(language: str) -> importing.Draft:
    """The model in this language, or in English where it is not written in it; as `policies.importing` reads a file."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    draft = importing.read((FOLDER / f"model_policy.{known}.md").read_text(encoding="utf-8"))
    draft.body = list(stand_ins.put(draft.body, _terms()))
    for block in draft.body:
        block["value"]["anchor"] = ""  # of the file's numbers, which the clauses put in have moved
    return draft


def _terms() -> dict[str, list[Block]]:
    clauses = {
        "[contact]": [{"type": "contact", "value": {"text": ""}}],
        "[data]": [_data(Subject.VISITOR, Subject.SUBSCRIBER)],
        "[services]": [{"type": "services", "value": {"text": ""}}],
        "[grounds]": [stand_ins.listing("grounds", "ground", *((ground.value, "") for ground in Ground))],
        "[purposes]": [stand_ins.listing("purposes", "purpose", *((name.value, why.value) for name, why in PURPOSES))],
    }
    return clauses | {place: [_kept(key, days) for key, days in _periods(keys)] for place, keys in PERIODS.items()}


def _data(*subjects: Subject) -> Block:
    return {"type": "data", "value": {"text": "", "subjects": [subject.value for subject in subjects]}}


def _periods(keys: tuple[str, ...]) -> list[tuple[str, int]]:
    """Those that this site has, with the days that count where no policy says otherwise."""
    days = {key: keep.days for key, (_entry, keep) in kept().items()} | {
        key: span.days for key, span in spans().items()
    }
    return [(key, days[key]) for key in keys if days.get(key)]


def _kept(key: str, days: int) -> Block:
    if days % 365 == 0:
        return stand_ins.retention(key, days // 365, "year")
    if days in _MONTHS:
        return stand_ins.retention(key, _MONTHS[days], "month")
    return stand_ins.retention(key, days, "day")
