"""Who is on which list, by which act of their own, and what do they know of it?"""

from mailing.audience.deciding import tracking_allowed
from mailing.audience.joining import (
    ANSWERED,
    ASK_AGAIN_AFTER,
    ASK_SUPPRESSED_AGAIN_AFTER,
    ASK_WITHIN,
    NotAsked,
    Suppressed,
    asked_together,
    confirm,
    join_from_preferences,
    question_sent,
    request,
    waiting_for_question,
)
from mailing.audience.leaving import leave, leave_all, object_to_mail, stop_promotions
from mailing.audience.preferring import Wish, change, describe
from mailing.audience.sharing import Share, offered, share
from mailing.audience.standing import people, subscriptions
from mailing.audience.telling import about, decisions_of, masked, sent_to

__all__ = [
    "ANSWERED",
    "ASK_AGAIN_AFTER",
    "ASK_SUPPRESSED_AGAIN_AFTER",
    "ASK_WITHIN",
    "NotAsked",
    "Share",
    "Suppressed",
    "Wish",
    "about",
    "asked_together",
    "change",
    "confirm",
    "decisions_of",
    "describe",
    "join_from_preferences",
    "leave",
    "leave_all",
    "masked",
    "object_to_mail",
    "offered",
    "people",
    "question_sent",
    "request",
    "sent_to",
    "share",
    "stop_promotions",
    "subscriptions",
    "tracking_allowed",
    "waiting_for_question",
]
