"""How does what is written become HTML that mailboxes show well, under the owner's letterhead?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import mrml
from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from wagtail.models import Site

from mailing.compose.body import absolute
from policies import effective
from records.models import Controller


class Dress(NamedTuple):
    """What the site's own look adds: a logo in place of the name, in CSS pixels, and the colour of buttons."""

    logo: str = ""
    width: int = 0
    height: int = 0
    accent: str = "#12545c"
    on_accent: str = "#ffffff"


_dressed: list[Callable[[Site], Dress]] = []


def dressed_by(dress: Callable[[Site], Dress]) -> None:
    """The floor that knows the site's look says it here."""
    _dressed[:] = [dress]


def _style(name: str) -> str:
    return mark_safe((Path(__file__).parent / "styles" / f"{name}.css").read_text(encoding="utf-8"))


# What depends on the screen stays in the head. Of the rest only our own rules go into the tags: what mrml keeps in the
# head stays there, too, for those who read it.
_KEPT = {"phone_css": _style("phone"), "dark_css": _style("dark")}
_INLINER = CSSInliner(
    inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=_style("look")
)


def letterhead() -> dict[str, Any]:
    """Who writes, and where the policy in force is: at the foot of every mail."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    policy = effective.policy_of(site)
    dress = next((dress(site) for dress in _dressed), Dress())
    return {
        "dress": dress._replace(logo=absolute(dress.logo)),
        "controller": Controller.for_site(site),
        "site_url": f"{settings.SITE_URL}/",
        "policy_url": absolute(policy.get_url() or "") if policy else "",
    }


def html(name: str, context: dict[str, Any]) -> str:
    """The template `name`.mjml as the HTML of a mail, in the language that is active. Raises ValueError where the
    template is no MJML."""
    frame = {"language": translation.get_language(), **_sides(translation.get_language_bidi()), **_KEPT}
    written = render_to_string(f"mailing/mail/{name}.mjml", {**frame, **context})
    # No fonts: mrml would have readers fetch those it knows from another company.
    try:
        made = mrml.to_html(_in_ascii(written), render_options=mrml.RenderOptions(fonts={}))
    except OSError as error:  # which here says nothing about a mail server
        raise ValueError(f"mailing/mail/{name}.mjml is no MJML: {error}") from None
    return _INLINER.inline(made.content) + "\n"


def _in_ascii(mjml: str) -> str:
    """mrml writes the attributes of HTML as Rust does strings, with \\u{64b} and \\\\: it is shown no such letter."""
    return mjml.encode("ascii", "xmlcharrefreplace").decode("ascii").replace("\\", "&#92;")


def _sides(is_rtl: bool) -> dict[str, str]:
    if is_rtl:
        return {"direction": "rtl", "start": "right", "end": "left"}
    return {"direction": "ltr", "start": "left", "end": "right"}


def plain(name: str, context: dict[str, Any]) -> str:
    """The template `name`.txt, with no more than one empty line at a time."""
    lines: list[str] = []
    for line in render_to_string(f"mailing/mail/{name}.txt", context).replace("\r", "").split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"
