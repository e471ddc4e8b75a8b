"""What may be known of subscribers beside their address: declared here before anything is stored."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Func, JSONField, QuerySet, Value
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet

from mailing import segments
from mailing.incoming import reading
from mailing.models import Field, Subscriber

RESERVED = {*reading.REQUIRED, *reading.OPTIONAL}


def having(key: str) -> QuerySet[Subscriber]:
    """People of whom something is stored under a key."""
    return Subscriber.objects.filter(fields__has_key=key)


class FieldForm(WagtailAdminModelForm):
    """A key that something depends on stays, and so does the kind of what is stored."""

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key in RESERVED:
            raise ValidationError(_("This is the name of a column of every import. Choose another key."))
        before = Field.objects.filter(pk=self.instance.pk).first()
        if before is None or before.key == key:
            return key
        if names := segment_names(before):
            raise ValidationError(_("These segments ask for it by this key: %(names)s.") % {"names": names})
        if having(before.key).exists():
            raise ValidationError(_("Something is stored under this key already: it stays."))
        return key

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        before = Field.objects.filter(pk=self.instance.pk).exclude(kind=kind).first()
        if before and having(before.key).exists():
            raise ValidationError(_("What is stored already is of another kind. Declare a new field."))
        return kind


def segment_names(field: Field) -> str:
    return ", ".join(sorted(segment.name for segment in segments.using(field)))


class FieldDeleteView(DeleteView):
    """What is stored goes with the field: nothing undeclared is kept. A field that a segment asks for stays."""

    @property
    def confirmation_message(self) -> str:
        sentences, count = [super().confirmation_message], having(self.object.key).count()
        if count:
            sentence = ngettext(
                "What is stored of %(count)d person is deleted with it.",
                "What is stored of %(count)d people is deleted with it.",
                count,
            )
            sentences.append(sentence % {"count": count})
        return " ".join(sentences)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if names := segment_names(self.object):
            sentence = gettext("%(field)s stays: these segments ask for it: %(names)s.")
            messages.error(self.request, sentence % {"field": self.object.label, "names": names})
            return redirect(self.get_success_url())
        return super().form_valid(form)

    def delete_action(self) -> None:
        with transaction.atomic():
            forget(self.object.key)
            super().delete_action()


def forget(key: str) -> int:
    """Deletes what is stored of anybody under a key; returns of how many."""
    without = Func(F("fields"), Value(key), template="%(expressions)s", arg_joiner=" - ", output_field=JSONField())
    return having(key).update(fields=without)


class FieldViewSet(ModelViewSet):
    model = Field
    name = "subscriber_fields"
    url_prefix = "mailing/fields"
    icon = "form"
    menu_label = _("Fields")
    index_results_template_name = "mailing/fields_results.html"
    list_display = ["label", "key", "kind", "why"]
    search_fields = ["label", "key"]
    copy_view_enabled = False
    delete_view_class = FieldDeleteView

    def get_edit_handler(self) -> Any:
        panels = [FieldPanel(name) for name in ("label", "key", "kind", "why")]
        return ObjectList(panels, base_form_class=FieldForm).bind_to_model(self.model)
