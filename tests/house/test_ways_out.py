"""By which ways can data leave this site? Each place that speaks to another host, and each that hands a file to
somebody, stands in a list with the reason why it needs no row in the register of disclosures, or makes one."""

import ast
from pathlib import Path

import pytest

from tests.house import tree

# Modules that open a connection, and calls that have Django open one.
SPEAKING = {
    *(
        "aiohttp",
        "boto3",
        "dns",
        "ftplib",
        "httpx",
        "imaplib",
        "paramiko",
        "playwright",
        "poplib",
        "requests",
        "smtplib",
    ),
    *("socket", "ssl", "telnetlib", "xmlrpc", "http.client", "http.server", "urllib.request", "aiosmtpd"),
}
MAILING = {"EmailMessage", "EmailMultiAlternatives", "get_connection", "mail_admins", "mail_managers", "send_mail"}
EXPORTING = {"list_export", "export_filename"}  # of Wagtail's lists

REGISTERED = "a campaign through a registered provider is a row of the register (mailing.carried)"
CONNECTIONS = {
    "mailing/transport/line.py": f"mail to the person themself, by SMTP; {REGISTERED}",
    "mailing/transport/backend.py": f"the same by django-anymail or another backend of Django's; {REGISTERED}",
    "mailing/transport/failures.py": "opens nothing: the names of what may go wrong on the line",
    "mailing/deliver/questions.py": "a question to the person themself: was it you who signed up?",
    "mailing/returns/mailbox.py": "the owner's own mailbox, read for what came back; nothing is sent there but log-ins",
    "mailing/lookups.py": "asks DNS which provider a domain's mail goes to; a domain with many readers, no address",
    "mailing/setup/report.py": "asks DNS for the records of the owner's own domain",
    "mailing/setup/tls.py": "looks at the certificate of the owner's own mail server",
    "consent/proof/anchors.py": "a seal, which is a hash, to the owner's own addresses",
    "consent/scanning/browser.py": "a browser of the owner's visits the owner's pages; it holds no data of anybody",
    "consent/scanning/pages.py": "the same",
    "consent/scanning/states.py": "the same",
    "consent/scanning/watch.py": "the same",
    "cms/demo/outbox.py": "the demo's own mailbox on this machine",
    "cms/demo/processes.py": "asks this machine for a free port",
    "cms/demo/run.py": "asks the demo on this machine whether it is up",
    "cms/demo/tour.py": "walks through the demo on this machine",
    "cms/demo/vendor.py": "the demo's third party, on this machine; it gets what a browser sends",
}
OWN = "for the owner's own use, by somebody with the right to read it; the log of readings has it"
NOBODY = "names no visitor"
# Files for somebody.
DOWNLOADS = {
    "records/viewsets/disclosure_new.py": "a row of the register",
    "records/viewsets/disclosure_orders.py": "a row of the register; and a document somebody uploaded, for the two",
    "mailing/viewsets/exports.py": f"for a third party a row of the register; else {OWN}",
    "records/viewsets/disclosures.py": "the register itself: it knows people by hashes, which are not in the file",
    "records/viewsets/readings.py": OWN,
    "records/viewsets/runs.py": NOBODY,
    "records/viewsets/ropa.py": NOBODY,
    "records/views/my_data.py": "their own data, for the person themself (GDPR Art. 15)",
    "mailing/views/preferences.py": "their own data, for the person themself (GDPR Art. 15)",
    "mailing/viewsets/imports.py": "back to whoever uploaded it: the lines of their own file that were not taken",
    "mailing/viewsets/results/export.py": OWN,
    "home/viewsets/inquiry_export.py": f"for a third party a row of the register; else {OWN}",
    "home/viewsets/inquiry_files.py": OWN,
    "consent/viewsets/decisions.py": f"{OWN}; decisions name nobody",
    "consent/viewsets/findings.py": NOBODY,
    "consent/viewsets/statistics.py": NOBODY,
    "home/viewsets/statistics/screens.py": NOBODY,
    "policies/viewsets.py": NOBODY,
}


def speaks(file: Path) -> bool:
    return any(_is_speaking(node) for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def _is_speaking(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(_opens(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        return _opens(node.module) or any(_opens(f"{node.module}.{alias.name}") for alias in node.names)
    return isinstance(node, ast.Call) and _called(node) in MAILING


def _opens(module: str) -> bool:
    return any(module == known or module.startswith(f"{known}.") for known in SPEAKING)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def hands_out(file: Path) -> bool:
    return any(_is_a_file(node) for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def _is_a_file(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _called(node) in {"FileResponse", "StreamingHttpResponse"}
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value.startswith("attachment;")
    return isinstance(node, ast.Name) and node.id in EXPORTING


def test_every_place_that_speaks_to_another_host_says_why_it_may() -> None:
    assert {tree.name(file) for file in tree.code() if speaks(file)} == CONNECTIONS.keys()


def test_every_place_that_hands_a_file_to_somebody_says_why_it_may() -> None:
    assert {tree.name(file) for file in tree.code() if hands_out(file)} == DOWNLOADS.keys()


@pytest.mark.parametrize("reasons", [CONNECTIONS, DOWNLOADS])
def test_every_reason_says_something(reasons: dict[str, str]) -> None:
    assert all(len(why) >= len(NOBODY) or why == "the same" for why in reasons.values())


@pytest.mark.parametrize(
    "code",
    [
        "import requests",
        "import urllib.request as web",
        "from urllib import request",
        "from http import client",
        "from http.client import HTTPSConnection",
        "from dns import resolver",
        "from django.core.mail import send_mail\nsend_mail('a', 'b', 'c', ['d'])",
        "from django.core import mail\nmail.EmailMessage('a').send()",
        "def later():\n    import socket",
    ],
)
def test_a_new_connection_is_found(code: str, tmp_path: Path) -> None:
    assert speaks(_written(tmp_path, code))


@pytest.mark.parametrize(
    "code",
    [
        "response['Content-Disposition'] = 'attachment; filename=\"people.csv\"'",
        "response['Content-Disposition'] = f'attachment; filename=\"{name}\"'",
        "FileResponse(file, as_attachment=True)",
        "http.StreamingHttpResponse(lines)",
        "class Report(ReportView):\n    list_export = ['email']",
    ],
)
def test_a_new_file_is_found(code: str, tmp_path: Path) -> None:
    assert hands_out(_written(tmp_path, code))


@pytest.mark.parametrize("code", ["import json", "from http import HTTPStatus", "from django.http import HttpResponse"])
def test_what_leads_nowhere_is_not(code: str, tmp_path: Path) -> None:
    file = _written(tmp_path, code)
    assert not speaks(file)
    assert not hands_out(file)


def _written(folder: Path, code: str) -> Path:
    file = folder / "module.py"
    file.write_text(code, encoding="utf-8")
    return file
