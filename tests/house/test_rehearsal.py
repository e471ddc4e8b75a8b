"""Does the deployment work? The commands of docker-compose.yml, on this machine, with production settings."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from cms.demo.processes import free_port
from tests.house import stage as stages
from tests.house.stage import BY_TLS, VALUES, Stage

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with stages.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def site(stage: Stage) -> Iterator[Stage]:
    """The site after `docker compose up`, without nginx."""
    stages.prepare(stage)
    with stages.running(stage, "web", "worker", "mailer", "beat"):
        yield stage


@pytest.fixture(scope="module")
def front(site: Stage) -> Iterator[Stage]:
    """The same with nginx in front, on the shipped configuration."""
    with stages.behind_nginx(site):
        yield site


@pytest.fixture(scope="module")
def adrift(site: Stage) -> Iterator[Stage]:
    """A web process whose broker is away."""
    alone = replace(site, web=free_port(0), broker=f"redis://:unused@127.0.0.1:{free_port(0)}/0")
    with stages.running(alone, "web", ready="/healthz/", log="adrift"):
        yield alone


def test_the_settings_pass_the_deployment_check(stage: Stage) -> None:
    stage.run("web", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"])


def test_database_broker_and_worker_are_ready(site: Stage) -> None:
    parts = site.get(site.web, "/readyz/").json()
    assert parts == {"ready": True, "database": "ok", "broker": "ok", "worker": "ok"}


@pytest.mark.parametrize("name", ["web", "worker", "mailer", "beat"])
def test_the_health_check_passes(site: Stage, name: str) -> None:
    site.run(name, site.health(name))


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/"])
def test_a_probe_needs_neither_tls_nor_the_host_name(site: Stage, path: str) -> None:
    assert requests.get(f"http://127.0.0.1:{site.web}{path}", timeout=20, allow_redirects=False).status_code == 200


def test_without_its_broker_the_site_shows_pages(adrift: Stage) -> None:
    assert adrift.get(adrift.web, "/privacy/").status_code == 200


def test_without_its_broker_the_site_takes_what_visitors_send(adrift: Stage) -> None:
    sender = BY_TLS | {"Origin": VALUES["SITE_URL"], "X-Real-IP": "203.0.113.9"}
    form = {"email": "ben@mail.example", "mailing_list": "news"}
    url = f"http://127.0.0.1:{adrift.web}/mail/join/"
    assert requests.post(url, data=form, headers=sender, timeout=20, allow_redirects=False).status_code == 303


def test_without_its_broker_the_site_says_so(adrift: Stage) -> None:
    answer = adrift.get(adrift.web, "/readyz/")
    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert answer.json()["broker"] == "does not answer (ConnectionError)"


def test_a_page_asked_for_by_another_name_is_refused(site: Stage) -> None:
    assert site.get(site.web, "/privacy/", Host="elsewhere.example").status_code == 400


def test_a_visitor_without_tls_is_sent_there(site: Stage) -> None:
    answer = site.get(site.web, "/privacy/", **{"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://candor.example/privacy/")


def test_nginx_serves_the_policy_in_force(front: Stage) -> None:
    answer = front.get(front.door, "/privacy/")
    assert answer.status_code == 200
    assert "Version 1" in answer.text
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer.headers["Server"] == "nginx"


def test_nginx_says_when_a_visitor_came_without_tls(front: Stage) -> None:
    answer = requests.get(
        f"http://127.0.0.1:{front.door}/privacy/",
        headers={"Host": "candor.example"},
        timeout=20,
        allow_redirects=False,
    )
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://candor.example/privacy/")


def test_nginx_serves_the_style_sheet_to_keep_for_good(front: Stage) -> None:
    [path] = re.findall(r'href="(/static/cms/site\.[0-9a-f]{12}\.css)"', front.get(front.door, "/privacy/").text)
    answer = front.get(front.door, path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_nginx_hands_out_uploads_as_harmless_files(front: Stage) -> None:
    (front.home / "media" / "page.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    answer = front.get(front.door, "/media/page.html")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_nginx_leaves_documents_to_the_site(front: Stage) -> None:
    documents = front.home / "media" / "documents"
    documents.mkdir()
    (documents / "minutes.pdf").write_bytes(b"for members")
    assert front.get(front.door, "/media/documents/minutes.pdf").status_code == 404


def test_nginx_refuses_a_body_no_form_sends(front: Stage) -> None:
    url = f"http://127.0.0.1:{front.door}/contact/"
    answer = requests.post(url, data=b"x" * (18 * 1024 * 1024), headers=BY_TLS, timeout=20)
    assert answer.status_code == 413
    assert "<center>nginx</center>" in answer.text


def test_the_site_refuses_a_body_that_this_form_does_not_send(front: Stage) -> None:
    url, here = f"http://127.0.0.1:{front.door}/contact/", {"Sec-Fetch-Site": "same-origin"}
    answer = requests.post(url, data=b"x" * (2 * 1024 * 1024), headers=BY_TLS | here, timeout=20)
    assert answer.status_code == 413
    assert "<center>nginx</center>" not in answer.text


def test_nginx_logs_nothing_about_a_person(front: Stage) -> None:
    token = "77~1vTzUL~OHhcB2ZkVvY3Gk8w5n4JqR1sXyTt0aLm"
    front.get(front.door, f"/mail/unsubscribe/{token}/?from=ana@mail.example", **{"X-Forwarded-For": "203.0.113.77"})
    log = (front.home / "nginx.log").read_text(encoding="utf-8")
    assert "GET /mail/unsubscribe/[...]" in log
    assert not re.search(r"77~|ana@|203\.0\.113|127\.0\.0\.1", log)


def test_the_site_logs_nothing_about_a_person(site: Stage) -> None:
    token = "78~1vTzUL~OHhcB2ZkVvY3Gk8w5n4JqR1sXyTt0aLm"
    assert site.get(site.web, f"/mail/unsubscribe/{token}/more/", **{"X-Real-IP": "203.0.113.78"}).status_code == 404
    log = (site.home / "web.log").read_text(encoding="utf-8")
    assert "/mail/unsubscribe/[token]/more/" in log
    assert not re.search(r"78~|203\.0\.113", log)
