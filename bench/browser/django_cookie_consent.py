"""How does django-cookie-consent stand in the host page? As its documents show: a bar of the site's own, its module,
and a callback that opens the site's own templates."""

from importlib.metadata import version
from pathlib import Path

from bench.browser import host
from bench.browser.host import Gated
from bench.browser.variants import SCRIPT, Variant

NAME = "django-cookie-consent"
MODULE = "cookie_consent/cookiebar.module.js"
STYLE = ".cookie-bar{position:fixed;inset:auto 0 0;padding:1rem;background:#fff;box-shadow:0 0 2rem #0003}"
BAR = f"""<template id="cookie-consent__cookie-bar"><div class="cookie-bar"><h2>{host.TITLE}</h2><p>{host.TEXT}</p>
<button type="button" class="cookie-consent__accept">{host.ACCEPT}</button>
<button type="button" class="cookie-consent__decline">{host.REFUSE}</button>
<a href="{{% url "cookie_consent_cookie_group_list" %}}">{host.CHOOSE}</a></div></template>"""
START = """import { showCookieBar } from "{% static "cookie_consent/cookiebar.module.js" %}";
showCookieBar({
  statusUrl: "{% url "cookie_consent_status" %}",
  templateSelector: "#cookie-consent__cookie-bar",
  cookieGroupsSelector: "#cookie-consent__cookie-groups",
  onAccept(groups) {
    for (const { varname } of groups)
      for (const gate of document.querySelectorAll(`template[data-group="${varname}"]`))
        gate.replaceWith(document.importNode(gate.content, true));
  },
});"""


def template() -> str:
    def gate(gated: Gated) -> str:
        return f'<template data-group="{gated.group}">{host.plain(gated)}</template>'

    page = host.page(
        gate,
        head=f"<style>{STYLE}</style>",
        end=f'{BAR}\n{{% all_cookie_groups "cookie-consent__cookie-groups" %}}\n<script type="module">{START}</script>',
    )
    return "{% load static cookie_consent_tags %}" + page


def variant() -> Variant:
    import cookie_consent

    module = (Path(cookie_consent.__file__).parent / "static" / MODULE).read_bytes()
    return Variant(
        NAME,
        version=version(NAME),
        banner=".cookie-bar",
        accept=".cookie-consent__accept",
        one_for_all=True,
        files={f"/static/{MODULE}": (SCRIPT, module)},
    )
