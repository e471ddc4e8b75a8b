"""What mail servers and providers send back, made out to a row: the samples, and rows that they are about."""

from functools import cache
from pathlib import Path

from mailing import tokens
from mailing.models import Campaign, Delivery, MailingList, Subscription
from mailing.returns import Nothing, Report, parse
from tests import make
from tests.mailing.rows import stored_letter

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.eml"))


@cache
def _text(name: str) -> str:
    return (SAMPLES / f"{name}.eml").read_text(encoding="utf-8")


def address(delivery: int, *, act: str = tokens.RETURN) -> str:
    return f"bounces+{tokens.make_lower(act, delivery)}@quay.example"


def sample(name: str, delivery: int) -> bytes:
    """A sample about a row, as it comes over the wire."""
    back, message = tokens.make_lower(tokens.RETURN, delivery), tokens.make_lower(tokens.MESSAGE, delivery)
    text = _text(name).replace("BOUNCES+RETURN@", f"BOUNCES+{back.upper()}@")
    text = text.replace("+RETURN@", f"+{back}@").replace("<MESSAGE@", f"<{message}@")
    return text.replace("\n", "\r\n").encode()


def read(name: str, delivery: int = 7) -> Report | Nothing:
    return parse.read(sample(name, delivery))


def sent(subscription: Subscription, **fields: object) -> Delivery:
    """A row of a campaign of its own that the mail server has accepted."""
    campaign = fields.pop("campaign", None) or make.campaign(subscription.mailing_list, state=Campaign.State.SENDING)
    values: dict[str, object] = {
        "decision": subscription.decision,
        "purpose": "promotion",
        "language": "en",
        "provider": "other",
        "domain": "mail.example",
        "state": Delivery.State.SENT,
        "not_before": make.NOW,
        "queued_at": make.NOW,
        "sent_at": make.NOW,
        "changed_at": make.NOW,
    }
    return Delivery.objects.create(campaign=campaign, subscription=subscription, **values | fields)


def to(email: str, news: MailingList, **fields: object) -> Delivery:
    return sent(make.subscriber(email, news), **fields)


def of_letter(email: str) -> Delivery:
    return Delivery.objects.create(
        letter=stored_letter(email),
        purpose="communication",
        language="en",
        provider="other",
        domain="mail.example",
        state=Delivery.State.SENT,
        not_before=make.NOW,
        queued_at=make.NOW,
        sent_at=make.NOW,
        changed_at=make.NOW,
    )
