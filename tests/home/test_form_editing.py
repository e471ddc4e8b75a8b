"""An editor builds a form: what it asks gets a name that stays, and what cannot go online is said beside its field."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from home.models import Field, FormPage, HomePage
from records import terms
from records.registry import Category
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, Kind

pytestmark = pytest.mark.django_db
LINE = {"kind": Kind.LINE, "label": "Port"}


@pytest.fixture
def home(client: Client) -> HomePage:
    client.force_login(make.vera())
    return make.site()


def data(*fields: dict[str, Any], publish: bool = True, initial: int = 0, **said: Any) -> dict[str, Any]:
    """What the editor's browser sends."""
    blank = {"why": "", "options": "", "category": Category.MESSAGE.value, "purpose": "", "id": "", "ORDER": ""}
    rows = [blank | {name: value for name, value in each.items() if value is not False} for each in fields]
    values = {
        "title": "Quote",
        "slug": "quote",
        "introduction": rich_text(""),
        "thanks": "Thanks.",
        "purpose": "dpv:CommunicationForCustomerCare",
        "fields": inline_formset(rows, initial=initial),
        "comments": inline_formset([]),
    }
    return nested_form_data(values | ({"action-publish": "on"} if publish else {}) | said)


def add(client: Client, home: HomePage, *fields: dict[str, Any], **said: Any) -> Any:
    return client.post(f"/cms/pages/add/home/formpage/{home.pk}/", data(*fields, **said))


def errors(response: Any) -> list[dict[str, list[str]]]:
    return [dict(each) for each in response.context["form"].formsets["fields"].errors]


def keys(page: FormPage) -> list[str]:
    return [field.key for field in FormPage.objects.get(pk=page.pk).fields.all()]


def test_a_new_page_begins_with_the_usual_fields(client: Client, home: HomePage) -> None:
    found = BeautifulSoup(client.get(f"/cms/pages/add/home/formpage/{home.pk}/").content, "html.parser")
    labels = [found.find(id=f"id_fields-{number}-label") for number in range(4)]
    said = [each["value"] for each in labels if each]  # type: ignore[index]
    assert said == ["Your name", "Your e-mail address", "Your telephone number", "Your message"]


def test_a_page_with_fields_of_its_own_keeps_to_them(client: Client, home: HomePage) -> None:
    assert add(client, home, LINE, EMAIL).status_code == 302
    assert keys(FormPage.objects.get()) == ["port", "email"]


def test_the_usual_fields_are_stored_as_they_were_shown(client: Client, home: HomePage) -> None:
    rows = [{"kind": kind.value, "label": kind.value.title()} for kind in Field.COLUMNS]
    assert (
        add(
            client,
            home,
            *rows,
            fields=inline_formset(
                [
                    {"why": "", "options": "", "category": Category.MESSAGE.value, "purpose": "", "id": "", "ORDER": ""}
                    | each
                    for each in rows
                ],
                initial=4,
            ),
        ).status_code
        == 302
    )
    assert keys(FormPage.objects.get()) == ["name", "email", "phone", "message"]


def test_no_field_at_all_is_no_form(client: Client, home: HomePage) -> None:
    response = add(client, home)
    assert response.status_code == 200
    assert "A form asks for something" in response.content.decode()


@pytest.mark.parametrize(
    ("labels", "named"),
    [
        (["Port", "Port"], ["port", "port-2"]),
        (["Имя груза", "!!!"], ["imya-gruza", "line"]),
        (["Name", "E-mail", "Token", "Homepage"], ["name-2", "e-mail", "token-2", "homepage-2"]),
        (["x" * 150, "x" * 150], ["x" * 40, "x" * 40 + "-2"]),
    ],
)
def test_a_field_is_named_after_its_label(labels: list[str], named: list[str]) -> None:
    assert keys(forms.form(*[LINE | {"label": label} for label in labels])) == named


def test_a_name_stays_when_the_label_changes(client: Client, home: HomePage) -> None:
    add(client, home, LINE, EMAIL)
    page = FormPage.objects.get()
    rows = [
        {"id": field.pk, "kind": field.kind, "label": field.label, "required": field.required or False}
        for field in page.fields.all()
    ]
    rows[0]["label"] = "Harbour"
    assert client.post(f"/cms/pages/{page.pk}/edit/", data(*rows, initial=2)).status_code == 302
    assert {field.key: field.label for field in page.fields.all()} == {"port": "Harbour", "email": "E-mail"}


def test_what_is_a_column_goes_by_its_kind_even_when_it_was_something_else(client: Client, home: HomePage) -> None:
    page = forms.form(LINE)
    field = page.fields.get()
    field.kind = Kind.PHONE
    page.fields = [field]
    page.save()
    assert keys(page) == ["phone"]
    field.kind = Kind.LINE
    page.fields = [field]
    page.save()
    assert keys(page) == ["port"]


def test_a_translation_has_the_same_names(client: Client, home: HomePage) -> None:
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    page = forms.form(LINE, EMAIL)
    home.copy_for_translation(russian)
    other = page.copy_for_translation(russian)
    for field in other.fields.all():
        field.label = "Порт" if field.key == "port" else field.label
    other.save_revision().publish()
    assert keys(other) == ["port", "email"]


def test_a_field_taken_out_and_put_in_anew_has_its_name_back(client: Client, home: HomePage) -> None:
    add(client, home, EMAIL)
    page = FormPage.objects.get()
    old = {"id": page.fields.get().pk, "kind": "email", "label": "E-mail", "DELETE": "1"}
    response = client.post(f"/cms/pages/{page.pk}/edit/", data(old, EMAIL | {"label": "Mail"}, initial=1))
    assert response.status_code == 302
    assert [(field.key, field.label) for field in page.fields.all()] == [("email", "Mail")]


def test_kinds_set_which_data_that_is() -> None:
    kinds = ({"kind": Kind.NAME, "label": "N"}, EMAIL, {"kind": Kind.PHONE, "label": "P"}, LINE)
    page = forms.form(*kinds, LINE | {"label": "Town", "category": Category.LOCATION})
    said = {field.key: field.category for field in page.fields.all()}
    wanted = {"name": Category.NAME, "email": Category.EMAIL, "phone": Category.PHONE, "port": Category.MESSAGE}
    assert said == wanted | {"town": Category.LOCATION}


@pytest.mark.parametrize(
    ("field", "column", "sentence"),
    [
        ({"kind": "choice", "label": "Size"}, "options", "Write two at least"),
        ({"kind": "radio", "label": "Size", "options": "A\nA\n \n"}, "options", "Write two at least"),
        ({"kind": "checks", "label": "Size", "options": f"A\n{'x' * 201}"}, "options", "200 characters"),
        (LINE | {"required": "on", "shown_publicly": "on"}, "shown_publicly", "make it optional"),
        ({"kind": "file", "label": "Plan", "shown_publicly": "on"}, "shown_publicly", "never shown publicly"),
        ({"kind": "phone", "label": "Tel", "shown_publicly": "on"}, "shown_publicly", "never shown publicly"),
        (EMAIL | {"label": "Again"}, "kind", "asked above already"),
    ],
)
def test_what_cannot_be_asked_so_is_said_beside_it(
    client: Client, home: HomePage, field: dict[str, Any], column: str, sentence: str
) -> None:
    response = add(client, home, EMAIL, field)
    assert response.status_code == 200
    assert sentence in str(errors(response)[1][column])
    assert sentence in response.content.decode()
    assert not FormPage.objects.exists()


@pytest.mark.parametrize("email", [None, EMAIL | {"required": False}])
def test_whoever_publishes_must_be_able_to_take_it_back(
    client: Client, home: HomePage, email: dict[str, Any] | None
) -> None:
    fields = [LINE | {"shown_publicly": "on"}, *([email] if email else [])]
    response = add(client, home, *fields)
    assert "takes it back" in str(errors(response)[0]["shown_publicly"])


@pytest.mark.parametrize("name", ["confirms", "mailing_list"])
def test_what_needs_an_address_asks_for_one(client: Client, home: HomePage, name: str) -> None:
    value = make.mailing_list().pk if name == "mailing_list" else "on"
    response = add(client, home, LINE, **{name: value})
    assert "needs a field for an e-mail address" in str(response.context["form"].errors[name])
    assert add(client, home, LINE, EMAIL, **{name: value}).status_code == 302


def test_nothing_is_kept_longer_than_the_policy_says(client: Client, home: HomePage) -> None:
    response = add(client, home, LINE, keep_days="366")
    assert "At most 365 days" in str(response.context["form"].errors["keep_days"])
    retention = terms.Statement(terms.Kind.RETENTION, "home.Inquiry", {"period": "P30D"})
    terms.write(policy=make.uuid.uuid4(), number=1, label="Policy, 1", effective_from=make.NOW, statements=[retention])
    assert "At most 30 days" in str(add(client, home, LINE, keep_days="31").context["form"].errors["keep_days"])
    assert add(client, home, LINE, keep_days="30").status_code == 302


def test_a_draft_may_be_unfinished(client: Client, home: HomePage) -> None:
    assert add(client, home, EMAIL, EMAIL | {"label": "Again"}, publish=False).status_code == 302
    assert not FormPage.objects.get().live


def test_the_preview_shows_the_form(client: Client, home: HomePage) -> None:
    page = forms.form()
    draft = page.get_latest_revision_as_object() if page.latest_revision else page
    response = draft.make_preview_request()
    assert b"form-field" in response.content
    assert User.objects.count() == 1
