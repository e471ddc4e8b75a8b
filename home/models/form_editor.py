"""What must hold before a form goes online? Said beside the field that it is about."""

from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from consent.blocks import PageForm
from records import retention

INQUIRY = "home.Inquiry"  # the data set, and the term by which a policy says how long it is kept


class FormPageForm(PageForm):
    """A new page begins with the usual fields. A draft may be unfinished; what is published may not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        page = kwargs.get("instance")
        # Before the formsets are made, which show what the page has.
        if page is not None and page.pk is None and not page.fields.all():
            import_string("home.asking.usual")(page)  # named, not imported: it lives upstairs
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_deferred_validation:
            return cleaned
        fields = [each for each in self._fields() if each.is_valid()]
        self._ask_for_address(fields, cleaned)
        self._ask_once(fields)
        self._keep_no_longer(cleaned)
        return cleaned

    def _fields(self) -> list[Any]:
        formset = self.formsets.get("fields")
        if formset is None:
            return []
        formset.is_valid()
        gone = formset.deleted_forms
        filled = [each for each in formset.forms if each not in gone and (each.has_changed() or each.instance.label)]
        if not filled:
            self.add_error(None, _("A form asks for something: add a field."))
        return filled

    def _ask_once(self, fields: list[Any]) -> None:
        seen: set[str] = set()
        for each in fields:
            kind = each.cleaned_data["kind"]
            if kind in each.instance.COLUMNS and kind in seen:
                said = _("This is asked above already. Ask it once, or choose “one line”.")
                each.add_error("kind", said)
            seen.add(kind)

    def _ask_for_address(self, fields: list[Any], cleaned: dict[str, Any]) -> None:
        asked = {each.cleaned_data["kind"]: each.cleaned_data.get("required") for each in fields}
        for each in fields:
            if each.cleaned_data.get("shown_publicly") and not asked.get("email"):
                said = _("Ask for an e-mail address that must be given: by it, whoever publishes takes it back.")
                each.add_error("shown_publicly", said)
        for name in ("confirms", "mailing_list"):
            if cleaned.get(name) and "email" not in asked:
                self.add_error(name, _("This needs a field for an e-mail address."))

    def _keep_no_longer(self, cleaned: dict[str, Any]) -> None:
        days, now = cleaned.get("keep_days"), timezone.now()
        rule = next(each for each in retention.rules(now) if each.key == INQUIRY)
        most = (now - rule.cut_off_at).days
        if days and days > most:
            said = _("At most %(most)d days: so the policy in force says of inquiries.")
            self.add_error("keep_days", said % {"most": most})
