"""Does the deployment work? The commands of docker-compose.yml, on this machine, with production settings."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from cms.demo.processes import Processes, free_port
from tests.house import compose, nginx, tree

pytestmark = pytest.mark.timeout(180)

VALUES = {
    "SECRET_KEY": "a key for the rehearsal: 50 signs and more, and worth nothing",
    "SITE_URL": "https://candor.example",
    "ALLOWED_HOSTS": "candor.example",
    "DEFAULT_FROM_EMAIL": "Candor <no-reply@candor.example>",
    "EMAIL_HOST": "127.0.0.1",
    "POSTGRES_PASSWORD": "unused",
    "VALKEY_PASSWORD": "unused",
}
SEED = """
from django.utils import timezone
from cms.demo import seed
seed.seed(site_url="https://candor.example:443", vendor_url="https://tally.example", now=timezone.now())
"""
BY_TLS = {"Host": "candor.example", "X-Forwarded-Proto": "https"}


@dataclass(frozen=True)
class Stage:
    """The services of docker-compose.yml with a container's places moved to this machine, and nothing else changed."""

    home: Path
    web: int  # gunicorn's port
    door: int  # nginx's
    database: str
    broker: str

    def moved(self, word: str) -> str:
        word = re.sub(r"\b(0\.0\.0\.0|127\.0\.0\.1|web):8000\b", f"127.0.0.1:{self.web}", word)
        return word.replace("/srv", str(self.home))

    def service(self, name: str) -> dict[str, object]:
        return compose.services(VALUES)[name]

    def argv(self, name: str) -> list[str]:
        return [self.moved(word) for word in self.service(name)["command"]]  # type: ignore[attr-defined]

    def health(self, name: str) -> list[str]:
        kind, *words = self.service(name)["healthcheck"]["test"]  # type: ignore[index]
        return [*(["sh", "-c"] if kind == "CMD-SHELL" else []), *map(self.moved, words)]

    def environment(self, name: str) -> dict[str, str]:
        given = {key: self.moved(str(value)) for key, value in self.service(name)["environment"].items()}  # type: ignore[attr-defined]
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        here = {"PATH": programs, "HOSTNAME": socket.gethostname(), "STATIC_ROOT": str(self.home / "static")}
        return {**given, **here, "DATABASE_URL": self.database, "REDIS_URL": self.broker}

    def run(self, name: str, argv: list[str] | None = None) -> str:
        """Runs a one-off to its end, by default the service's own command; returns what it printed."""
        done = subprocess.run(
            argv or self.argv(name),
            env=self.environment(name),
            cwd=tree.ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def get(self, port: int, path: str, **headers: str) -> requests.Response:
        url = f"http://127.0.0.1:{port}{path}"
        return requests.get(url, headers=BY_TLS | headers, timeout=20, allow_redirects=False)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    home = Path(tempfile.mkdtemp(prefix="candor-rehearsal-"))
    home.chmod(0o711)  # as root, nginx serves files as another account
    address = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(address.geturl(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE rehearsal")
        broker = urlsplit(os.environ["REDIS_URL"])._replace(path="/1").geturl()  # /0 is emptied before every test
        try:
            database = address._replace(path="/rehearsal").geturl()
            yield Stage(home, free_port(0), free_port(0), database, broker)
        finally:
            connection.execute("DROP DATABASE rehearsal WITH (FORCE)")
            shutil.rmtree(home)


@pytest.fixture(scope="module")
def site(stage: Stage) -> Iterator[Stage]:
    """The site after `docker compose up`, without nginx."""
    for folder in ("static", "media", "schedule"):
        (stage.home / folder).mkdir()
    for one_off in ("migrate", "static"):
        stage.run(one_off)
    stage.run("migrate", ["python", "manage.py", "shell", "--verbosity=0", "--command", SEED])
    with Processes(stage.home) as processes:
        for name in ("web", "worker", "beat"):
            processes.start(name, stage.argv(name), env=stage.environment(name))
        processes.wait("web", lambda: _answers(stage.web, "/readyz/"))
        yield stage


@pytest.fixture(scope="module")
def front(site: Stage) -> Iterator[Stage]:
    """The same with nginx in front, on the shipped configuration."""
    folder = site.home / "nginx"
    folder.mkdir()
    values = {
        **site.environment("nginx"),
        "CANDOR_LISTEN": f"127.0.0.1:{site.door}",
        "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
    }
    template = (tree.ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    (folder / "nginx.conf").write_text(re.sub(r"\$\{([A-Z_]+)\}", lambda found: values[found[1]], template))
    program = nginx.program()
    assert program
    words = [word.replace("/tmp/", f"{folder}/") for word in site.argv("nginx")[1:]]
    with Processes(site.home) as processes:
        processes.start("nginx", [program, *words])
        processes.wait("nginx", lambda: _answers(site.door, "/healthz/"))
        yield site


@pytest.fixture(scope="module")
def adrift(site: Stage) -> Iterator[Stage]:
    """A web process whose broker is away."""
    alone = replace(site, web=free_port(0), broker=f"redis://:unused@127.0.0.1:{free_port(0)}/0")
    with Processes(site.home) as processes:
        processes.start("adrift", alone.argv("web"), env=alone.environment("web"))
        processes.wait("adrift", lambda: _answers(alone.web, "/healthz/"))
        yield alone


def _answers(port: int, path: str) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).ok
    except requests.RequestException:
        return False


def test_the_settings_pass_the_deployment_check(stage: Stage) -> None:
    stage.run("web", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"])


def test_database_broker_and_worker_are_ready(site: Stage) -> None:
    parts = site.get(site.web, "/readyz/").json()
    assert parts == {"ready": True, "database": "ok", "broker": "ok", "worker": "ok"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
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
    answer = requests.post(url, data=b"x" * (2 * 1024 * 1024), headers=BY_TLS, timeout=20)
    assert answer.status_code == 413
    assert "<center>nginx</center>" in answer.text


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
