"""What a process remembers from one question to the next."""

from consent import catalogue, findings, told
from home import appearance, navigation, promotions
from policies import effective, notices
from records import http


def forget() -> None:
    """As if the process had just been started."""
    catalogue.forget()
    findings.forget()
    promotions.forget()
    appearance.forget()
    navigation.forget()
    notices.forget()
    effective.forget()
    told.forget()
    http.forget()
