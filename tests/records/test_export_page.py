"""The page in a copy: one file that needs no other, for everybody, in the language of the person."""

import re

import pytest
from django.conf import settings

from home.models import Inquiry
from tests import make
from tests.records import copied, life

pytestmark = pytest.mark.django_db
LANGUAGES = sorted(settings.SPOKEN)


def test_it_tells_every_data_set_in_a_table() -> None:
    life.lived(make.ANA)
    copy = copied.of(make.ANA)
    captions = {caption.text for caption in copy.page.select("caption")}
    assert captions == {said["title"] for said in copy.sets.values()}
    for table in copy.page.select("table"):
        width = len(table.select("thead th[scope=col]"))
        assert width
        assert {len(row.select("td")) for row in table.select("tbody tr")} == {width}
    rows = sum(len(table.select("tbody tr")) for table in copy.page.select("table"))
    assert rows == sum(copy.copy.rows.values())
    assert life.traces(life.marks(make.ANA), copy.page.text.lower().encode()) == life.marks(make.ANA)


def test_its_contents_lead_to_the_tables() -> None:
    life.lived(make.ANA)
    page = copied.of(make.ANA).page
    targets = [link["href"][1:] for link in page.select("nav a")]
    assert targets
    assert len(set(targets)) == len(targets)
    assert all(page.find(id=target) for target in targets)


def test_it_needs_no_other_file_and_runs_nothing() -> None:
    life.lived(make.ANA)
    page = copied.of(make.ANA).page
    assert not page.select("script, link, img, iframe, object, form, [src], [style]")
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert "url(" not in page.style.text
    assert "@import" not in page.style.text


def test_no_two_regions_have_one_name() -> None:
    life.lived(make.ANA)
    page = copied.of(make.ANA).page
    named = [tag["aria-labelledby"] for tag in page.select("[aria-labelledby]")]
    assert len(set(named)) == len(named) > 5
    assert all(page.find(id=name) for name in named)


def test_what_the_person_wrote_is_text() -> None:
    make.inquiry(make.ANA)
    row = Inquiry.objects.get()
    row.message = "<script>alert(1)</script> & <b>bold</b>"
    row.save()
    content = copied.of(make.ANA).files["index.html"].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in content
    assert "<script" not in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_written_in_the_language_of_the_person(language: str) -> None:
    make.inquiry(make.ANA)
    html = copied.of(make.ANA, locale=language).page.html
    assert html
    assert html["lang"] == language
    assert html["dir"] == ("rtl" if language == "ar" else "ltr")


def test_it_says_what_an_address_does_not_find_and_where_that_is() -> None:
    page = copied.of(make.ANA).page
    footer = page.footer
    assert footer
    assert "Log of visitors' actions on the site" in footer.text
    assert footer.select('a[href="http://testserver/consent/decisions/"]')


def test_it_says_who_answers_for_the_data() -> None:
    make.site()
    header = copied.of(make.ANA).page.header
    assert header
    assert "Quay Ltd" in header.text
    assert "privacy@quay.example" in header.text
    assert make.ANA in header.text


def test_words_of_choices_are_shown_and_not_their_keys() -> None:
    life.lived(make.ANA)
    page = copied.of(make.ANA).page
    heading = page.find(id="mailing-Return")
    assert heading
    assert heading.parent
    assert "cannot be delivered, for now" in heading.parent.text


def test_headings_are_in_order_and_named_once() -> None:
    life.lived(make.ANA)
    content = copied.of(make.ANA).files["index.html"].decode()
    levels = [int(level) for level in re.findall(r"<h([1-6])", content)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
