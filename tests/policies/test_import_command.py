"""What does `import_policy` save, and what does it say of a file it cannot read?"""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, Revision, Site

from home.models import HomePage
from policies.models import PolicyPage
from tests import make
from tests.policies import reading

TEXT = "House rules\n\n1. Dogs\n\n1.1 Dogs may come in.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_policy", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_file_becomes_a_draft_that_no_visitor_sees(home: HomePage, client: Client, file: Path) -> None:
    said = run(file)
    page = PolicyPage.objects.get()
    assert (page.title, page.slug, page.live) == ("House rules", "privacy", False)
    assert [block.block_type for block in page.get_latest_revision_as_object().body] == ["section", "clause"]
    assert client.get("/privacy/").status_code == 404
    assert f"Draft saved: “House rules”, /cms/pages/{page.pk}/edit/." in said


def test_the_report_counts_and_names_what_needs_a_look(home: HomePage, file: Path) -> None:
    assert (
        "1 × section, 1 × clause, 0 × retention, 0 × subclause, 0 × text, 0 × list item.\n  Everything was placed."
        in run(file)
    )
    file.write_text(TEXT + "\n1.3 Cats may.\n", encoding="utf-8")
    assert "  line 7: is numbered 1.3 in the file and 1.2 by its place\n" in run(file)


def test_a_dry_run_saves_nothing(home: HomePage, file: Path) -> None:
    assert "Nothing was saved" in run(file, "--dry-run")
    assert not PolicyPage.objects.exists()


def test_a_dry_run_shows_the_outline(home: HomePage, file: Path) -> None:
    file.write_text(
        TEXT + "- small\n- large\n\n1.1.1 Leashes are kept for a week.\n\n1.2 " + "x" * 99, encoding="utf-8"
    )
    assert run(file, "--dry-run").splitlines()[:5] == [
        "House rules",
        "  1 section: Dogs",
        "    1.1 clause: Dogs may come in. [2 × list item]",
        "      1.1.1 subclause: Leashes are kept for a week.",
        f"    1.2 clause: {'x' * 60}…",
    ]


def test_a_clause_that_states_a_period_becomes_a_retention_clause(home: HomePage, client: Client, file: Path) -> None:
    words = "Inquiries are kept for 1 (one) year."
    file.write_text(f"{TEXT}\n1.2 {words}\n\n1.3 Cats may not.\n", encoding="utf-8")
    assert "(1 year, home.Inquiry)" in run(file, "--dry-run")
    run(file)
    page = PolicyPage.objects.get()
    block = page.get_latest_revision_as_object().body[2]
    assert (block.block_type, block.value["text"].source) == ("retention", f"<p>{words}</p>")
    value = {name: block.value[name] for name in ("holding", "number", "unit", "then")}
    assert value == {"holding": "home.Inquiry", "number": 1, "unit": "year", "then": "delete"}
    block.block.clean(block.value)
    page.get_latest_revision().publish()
    assert f"1.2 {words} 1.3 Cats may not." in reading.text_of(client.get("/privacy/"))


def test_the_format_can_be_forced(home: HomePage, file: Path) -> None:
    file.write_text("T\n\n**One** <b>two</b>", encoding="utf-8")
    assert "text: **One** <b>two</b>" in run(file, "--dry-run", "--format", "text")
    assert "text: One <b>two</b>" in run(file, "--dry-run", "--format", "markdown")
    file.write_text("**One** <b>two</b><p>three", encoding="utf-8")
    assert "text: three" in run(file, "--dry-run", "--format", "html")


def test_importing_again_makes_a_new_draft_and_leaves_what_is_published(
    home: HomePage, client: Client, file: Path
) -> None:
    page = make.policy(home, "Old.")
    run(file)
    assert PolicyPage.objects.get().get_latest_revision_as_object().title == "House rules"
    assert reading.text_of(client.get("/privacy/")) == "Privacy policy 1 Old."
    assert page.versions.count() == 1


def test_importing_the_same_file_again_is_no_change(home: HomePage, file: Path) -> None:
    for _ in range(2):
        run(file)
        PolicyPage.objects.get().get_latest_revision().publish()
    assert PolicyPage.objects.get().versions.count() == 1


def test_a_new_draft_takes_over_neither_schedule_nor_note(home: HomePage, file: Path) -> None:
    page = make.policy(home, live=False)
    page.change_note, page.go_live_at = "The first.", make.NOW + timedelta(days=1)
    page.save_revision()
    run(file)
    draft = PolicyPage.objects.get().get_latest_revision_as_object()
    assert (draft.change_note, draft.go_live_at) == ("", None)


def test_another_address_can_be_chosen(home: HomePage, file: Path) -> None:
    run(file, "--slug", "House Rules!")
    assert PolicyPage.objects.get().slug == "house-rules"


@pytest.mark.parametrize(
    ("slug", "reason"),
    [("contact", "/contact/ is another page"), ("правила", "is no address"), ("x" * 300, "at most 255 characters")],
)
def test_an_address_that_cannot_be_used_is_refused(home: HomePage, file: Path, slug: str, reason: str) -> None:
    make.contact(home)
    before = Page.objects.count(), Revision.objects.count()
    with pytest.raises(CommandError, match=reason):
        run(file, "--slug", slug)
    assert (Page.objects.count(), Revision.objects.count()) == before


def test_a_site_is_needed(home: HomePage, file: Path) -> None:
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="There is no default site"):
        run(file)


def test_a_file_that_is_too_large_is_refused(home: HomePage, file: Path) -> None:
    file.write_bytes(b"word " * 300_000)
    with pytest.raises(CommandError, match="is too large: at most 1048576 bytes"):
        run(file)
    assert not PolicyPage.objects.exists()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing.txt", "No such file"),
        (".", "Is a directory"),
        ("policy.txt/below", "Not a directory"),
        ("circle", "symbolic links"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused(home: HomePage, file: Path, path: str, reason: str) -> None:
    (file.parent / "circle").symlink_to(file.parent / "circle")
    with pytest.raises(CommandError, match=f"cannot be read: .*{reason}"):
        run(file.parent / path)


def test_a_clause_that_holds_mark_up_is_shown_as_it_was_written(home: HomePage, client: Client, file: Path) -> None:
    attack = "<script>alert(1)</script> <img src=x onerror=alert(2)> [call](javascript:alert(3)) &lt;b&gt;"
    file.write_text(f"Rules\n\n1.1 {attack}\n\n{attack}\n\n- {attack}\n\n# {attack}\n", encoding="utf-8")
    run(file)
    PolicyPage.objects.get().get_latest_revision().publish()
    article = reading.article(client.get("/privacy/"))
    assert article.select("script, img, [onerror], a[href^=javascript]") == []
    assert reading.text_of(client.get("/privacy/")).count(attack) == 4
