"""How do the peers stand in the host page? Each as its own documents show, by a few lines of ours."""

import json
from typing import Any

from bench.browser import host, npm
from bench.browser.host import Gated
from bench.browser.variants import CSS, SCRIPT, File, Variant

POLICY = "/privacy/"


def _files(package: str, version: str, *paths: str, **written: str) -> dict[str, File]:
    """What the page loads: files of the package, and scripts of ours with its settings."""
    found = {path.rpartition("/")[2]: npm.file(package, version, path) for path in paths}
    found |= {f"{name}.js": text.encode() for name, text in written.items()}
    return {f"/peers/{package}/{name}": (_kind(name), body) for name, body in found.items()}


def _kind(name: str) -> str:
    return CSS if name.endswith(".css") else SCRIPT


def vanilla_cookieconsent() -> Variant:
    """Style sheet in the head; at the end a module with the settings, which imports the script."""
    name, version = "vanilla-cookieconsent", "3.1.0"
    dist = ("dist/cookieconsent.css", "dist/cookieconsent.umd.js")
    html = host.page(
        _vanilla_gate,
        head=f'<link rel="stylesheet" href="/peers/{name}/cookieconsent.css">',
        end=f'<script type="module" src="/peers/{name}/settings.js"></script>',
    )
    return Variant(
        name,
        html.encode(),
        version,
        banner="#cc-main .cm",
        accept="#cc-main .cm [data-role=all]",
        files=_files(name, version, *dist, settings=_vanilla_settings()),
    )


def _vanilla_settings() -> str:
    """Frames are set going by a callback: the package has no gate for them. It shows nothing to robots, which a driven
    browser is one of."""
    groups = {"necessary": host.NEEDED, **host.GROUPS}
    sections = [{"title": title, "description": text, "linkedCategory": key} for key, (title, text) in groups.items()]
    buttons = {"acceptAllBtn": host.ACCEPT, "acceptNecessaryBtn": host.REFUSE}
    asked = {"title": host.TITLE, "description": host.TEXT, "showPreferencesBtn": host.CHOOSE, **buttons}
    panel = {"title": host.CHOOSE, "savePreferencesBtn": "Save", "closeIconLabel": "Close", **buttons}
    words = {"consentModal": asked, "preferencesModal": panel | {"sections": sections}}
    settings = {
        "hideFromBots": False,
        "categories": {"necessary": {"enabled": True, "readOnly": True}, **{key: {} for key in host.GROUPS}},
        "language": {"default": "en", "translations": {"en": words}},
    }
    return f"""import "./cookieconsent.umd.js";
CookieConsent.run({{ ...{json.dumps(settings)},
  onConsent() {{
    for (const frame of document.querySelectorAll("iframe[data-src]"))
      if (CookieConsent.acceptedCategory(frame.dataset.category)) frame.src = frame.dataset.src;
  }},
}});
"""


def _vanilla_gate(gated: Gated) -> str:
    if gated.is_frame:
        return f'<iframe data-category="{gated.group}" data-src="{gated.address}" {host.FRAME_SIZE}></iframe>'
    tag = f'type="text/plain" data-category="{gated.group}"'
    if gated.address:
        return f'<script {tag} async src="{gated.address}"></script>'
    return f"<script {tag}>{host.INLINE_CODE}</script>"


def orejime() -> Variant:
    """Style sheet in the head; settings and script at the end."""
    name, version = "orejime", "3.2.1"
    html = host.page(
        _orejime_gate,
        head=f'<link rel="stylesheet" href="/peers/{name}/orejime-standard.css">',
        end=f"<script>window.orejimeConfig = {json.dumps(_orejime_settings())};</script>"
        f'<script src="/peers/{name}/orejime-standard-en.js"></script>',
    )
    return Variant(
        name,
        html.encode(),
        version,
        banner=".orejime-Banner",
        accept=".orejime-Banner-saveButton",
        files=_files(name, version, "dist/orejime-standard.css", "dist/orejime-standard-en.js"),
    )


def _orejime_settings() -> dict[str, Any]:
    def within(group: str) -> list[dict[str, Any]]:
        return [
            {"id": key, "title": title, "description": text, "cookies": []}
            for key, (of, title, text) in host.SERVICES.items()
            if of == group
        ]

    purposes = [
        {"id": group, "title": title, "description": text, "purposes": within(group)}
        for group, (title, text) in host.GROUPS.items()
    ]
    words = {"banner": {"title": host.TITLE, "description": host.TEXT}}
    return {"privacyPolicyUrl": POLICY, "purposes": purposes, "translations": words}


def _orejime_gate(gated: Gated) -> str:
    contextual = " data-contextual" if gated.is_frame else ""
    return f'<template data-purpose="{gated.service}"{contextual}>{host.plain(gated)}</template>'


def klaro() -> Variant:
    """Two deferred scripts, settings first."""
    name, version = "klaro", "0.7.22"
    files = _files(name, version, "dist/klaro.js", settings=f"var klaroConfig = {json.dumps(_klaro_settings())};")
    scripts = "".join(f'<script defer src="/peers/{name}/{file}"></script>' for file in ("settings.js", "klaro.js"))
    return Variant(
        name,
        host.page(_klaro_gate, head=scripts).encode(),
        version,
        banner=".klaro .cookie-notice",
        accept=".klaro .cookie-notice .cm-btn-success",
        files=files,
    )


def _klaro_settings() -> dict[str, Any]:
    services = [
        {"name": key, "title": title, "description": text, "purposes": [group]}
        for key, (group, title, text) in host.SERVICES.items()
    ]
    words = {
        "privacyPolicyUrl": POLICY,
        "consentNotice": {"description": host.TEXT},
        "purposes": {key: {"title": title, "description": text} for key, (title, text) in host.GROUPS.items()},
    }
    return {"acceptAll": True, "lang": "en", "translations": {"en": words}, "services": services}


def _klaro_gate(gated: Gated) -> str:
    if gated.is_frame:
        return f'<iframe data-name="{gated.service}" data-src="{gated.address}" {host.FRAME_SIZE}></iframe>'
    tag = f'type="text/plain" data-type="text/javascript" data-name="{gated.service}"'
    if gated.address:
        return f'<script {tag} async data-src="{gated.address}"></script>'
    return f"<script {tag}>{host.INLINE_CODE}</script>"


_TYPES = {"visit-count": "analytic", "adverts": "ads", "chat": "support", "films": "video"}
_FALLBACK = 'tarteaucitron.fallback(["films"], () => tarteaucitron.engage("films"));'


def tarteaucitron() -> Variant:
    """A script in the head, which fetches the rest itself, and a service of the site's own for each thing gated."""
    name, version = "tarteaucitronjs", "1.34.0"
    paths = (
        "tarteaucitron.min.js",
        "tarteaucitron.services.min.js",
        "lang/tarteaucitron.en.min.js",
        "css/tarteaucitron.min.css",
    )
    files = {f"/peers/{name}/{path}": (_kind(path), npm.file(name, version, path)) for path in paths}
    html = host.page(
        lambda gated: '<div class="films"></div>' if gated.is_frame else "",
        head=f'<script src="/peers/{name}/tarteaucitron.min.js"></script>\n<script>{_tarteaucitron_start()}</script>',
    )
    return Variant(
        name,
        html.encode(),
        version,
        banner="#tarteaucitronAlertBig",
        accept="#tarteaucitronPersonalize2",
        files=files,
    )


def _tarteaucitron_start() -> str:
    settings = {"privacyUrl": POLICY, "orientation": "bottom", "showIcon": False}
    services = "".join(
        f"tarteaucitron.services[{json.dumps(key)}] = {_tarteaucitron_service(key)};\n" for key in _TYPES
    )
    jobs = ", ".join(json.dumps(key) for key in _TYPES)
    return (
        f"tarteaucitron.init({json.dumps(settings)});\n{services}"
        f"(tarteaucitron.job = tarteaucitron.job || []).push({jobs});"
    )


def _tarteaucitron_service(key: str) -> str:
    loads = " ".join(_tarteaucitron_load(gated) for gated in host.GATED if gated.service == key)
    return (
        f"{{ key: {json.dumps(key)}, type: {json.dumps(_TYPES[key])}, name: {json.dumps(host.SERVICES[key][1])}, "
        f"needConsent: true, cookies: [], js() {{ {loads} }}, fallback() {{ {_FALLBACK if key == 'films' else ''} }} }}"
    )


def _tarteaucitron_load(gated: Gated) -> str:
    if gated.is_frame:
        return f"document.querySelector('.films').innerHTML = {json.dumps(host.plain(gated))};"
    return f"tarteaucitron.addScript({json.dumps(gated.address)});" if gated.address else host.INLINE_CODE
