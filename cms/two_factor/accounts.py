"""Who must sign in by two steps, who does, and what may an account do with its second factor?"""

import secrets
from base64 import b32encode
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from cms.two_factor.models import Authenticator, RecoveryCode, digest, is_on, matching_step
from records import access_log, keys, post
from records.registry import Purpose

CODES = 10
_DIGITS = 10  # of a recovery code: they are typed on a telephone, and few may be tried
WARN_AT = 6  # wrong codes in a row: whoever types them knows the password


def must_have(user: Any) -> bool:
    """Whoever may read personal data, where the site asks for it."""
    return settings.TWO_FACTOR == "required" and access_log.may_read(user)


def of(user: Any) -> Authenticator | None:
    return Authenticator.objects.filter(user=user).first() if is_on() else None


def new_secret() -> str:
    """160 bits, as RFC 4226 advises, in hexadecimal."""
    return secrets.token_hex(20)


def spelled(secret: str) -> str:
    """As people type it into an app: base 32, in groups of four."""
    plain = b32encode(bytes.fromhex(secret)).decode()
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def address(secret: str, username: str) -> str:
    """What the QR code says, as apps read it. The site is named by its host: people have more than one."""
    issuer = urlsplit(settings.SITE_URL).hostname or settings.WAGTAIL_SITE_NAME
    told = urlencode({"secret": b32encode(bytes.fromhex(secret)).decode(), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?{told}"


@transaction.atomic
def set_up(user: Any, secret: str, code: str, *, now: datetime) -> tuple[Authenticator, list[str]] | None:
    """Makes the account's second factor, if the code shows that the app has the secret; returns it, and its recovery
    codes, which nobody can read again. None for a wrong code. The account has no authenticator yet."""
    step = matching_step(secret, code)
    if step is None:
        return None
    # Not the key of their e-mail address: somebody who has themselves erased as a visitor still finds their way in.
    key = keys.of_nobody(now=now)
    made = Authenticator.objects.create(
        user=user, subject_key=key, name="", secret=secret, last_step=step, last_used_at=now
    )
    _note(user, "two_factor.set_up", by=user)
    return made, _write_codes(made)


@transaction.atomic
def verify(user: Any, code: str, *, now: datetime) -> Authenticator | None:
    """The account's authenticator, if this is its code of now, or one of its recovery codes; else None."""
    found = Authenticator.objects.select_for_update().filter(user=user).first()
    if found is None:
        return None
    typed, failures = "".join(code.split()).replace("-", ""), found.throttling_failure_count
    if len(typed) == 6:
        right = found.verify_token(typed)
    elif right := found.verify_recovery_code(typed):
        _note(user, "two_factor.recovery_code", by=user)
        tell(user, _recovery_used, now=now)
    if failures < found.throttling_failure_count == WARN_AT:  # a try that had to wait counts for nothing
        tell(user, _many_wrong, now=now)
    return found if right else None


def waits(found: Authenticator, now: datetime) -> int:
    """Seconds until the next code is looked at; 0 for now."""
    allowed, why = found.verify_is_allowed()
    return 0 if allowed else max(1, round((why["locked_until"] - now).total_seconds()))


@transaction.atomic
def new_codes(found: Authenticator) -> list[str]:
    """Ten others; those before count no more."""
    _note(found.user, "two_factor.codes", by=found.user)
    return _write_codes(found)


def _write_codes(found: Authenticator) -> list[str]:
    codes = [f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}" for _number in range(CODES)]
    found.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(authenticator=found, digest=digest(found.secret, code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def remove(user: Any, *, by: Any, now: datetime) -> bool:
    """Takes the second factor off an account, which is told by mail. False where it has none."""
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if not gone:
        return False
    _note(user, "two_factor.remove" if by == user else "two_factor.reset", by=by)
    tell(user, _removed if by == user else _reset, now=now)
    return True


def overview() -> QuerySet[Any]:
    """Every account that may sign in, with its authenticator and how many recovery codes are left."""
    people = get_user_model().objects.filter(is_active=True).select_related("authenticator")
    return people.prefetch_related("groups").annotate(codes=Count("authenticator__recovery_codes"))


def _note(user: Any, action: str, *, by: Any) -> None:
    """In the account's history. Wagtail goes by the class of the row, and that of a request's user is a lazy one."""
    log(get_user_model()._base_manager.get(pk=user.pk), action, user=by)


def language_of(user: Any) -> str:
    """In which an account reads the CMS."""
    preferred = getattr(getattr(user, "wagtail_userprofile", None), "preferred_language", "")
    return str(preferred or settings.LANGUAGE_CODE)


def tell(user: Any, written: Any, *, now: datetime) -> None:
    """A letter to the account's own address, where it has one."""
    if not user.email:
        return
    language = language_of(user)
    with override(language):
        subject, text = written(settings.SITE_URL)
        about = f"auth.User:{user.pk}"
        post.write(
            email=user.email,
            subject=subject,
            text=text,
            locale=language,
            now=now,
            purpose=Purpose.AUTHENTICATION,
            about=about,
        )


def _lines(*lines: str) -> str:
    return "\n\n".join(lines) + "\n"


def _removed(site: str) -> tuple[str, str]:
    return _("Your second step is off"), _lines(
        _("You have switched off two-factor sign-in for your account of %(site)s.") % {"site": site},
        _("If that was not you, change your password now and tell whoever runs the site."),
    )


def _reset(site: str) -> tuple[str, str]:
    return _("Your second step was reset"), _lines(
        _("An administrator has reset two-factor sign-in for your account of %(site)s.") % {"site": site},
        _("At your next sign-in you set it up anew. If you asked nobody for that, tell whoever runs the site."),
    )


def _recovery_used(site: str) -> tuple[str, str]:
    return _("A recovery code was used"), _lines(
        _("Somebody has signed in to your account of %(site)s with one of your recovery codes.") % {"site": site},
        _("If that was not you, change your password now and make new recovery codes in your account settings."),
    )


def _many_wrong(site: str) -> tuple[str, str]:
    return _("Somebody knows your password"), _lines(
        _("Somebody typed your password for %(site)s and then several wrong codes.") % {"site": site},
        _("They did not get in. If that was not you, change your password now."),
    )
