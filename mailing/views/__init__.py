"""What a reader does: join, confirm, leave, change what they get, read a mail in a browser, and ask why it came."""

from mailing.views.archive import archive, archived
from mailing.views.following import go
from mailing.views.joining import confirm, join
from mailing.views.leaving import unsubscribe
from mailing.views.link_again import ask
from mailing.views.preferences import preferences, preferences_json
from mailing.views.reading import web_version, why

__all__ = [
    "archive",
    "archived",
    "ask",
    "confirm",
    "go",
    "join",
    "preferences",
    "preferences_json",
    "unsubscribe",
    "web_version",
    "why",
]
