"""How do the screens of every floor delete, where other rows may need the row?"""

from django.db.models import ProtectedError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.views.generic import DeleteView


class KeptWhileUsed(DeleteView):
    """Deletes, unless other rows need this one: then it says which."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        self.usage = None  # what Wagtail's index of references knows; it would answer that a right is missing
        try:
            return super().form_valid(form)
        except ProtectedError as error:
            sentence = gettext("%(object)s is still used by %(users)s, so it stays.")
            words = {"object": capfirst(str(self.object)), "users": self.users(error)}
            messages.error(self.request, sentence % words)
            return redirect(self.get_success_url())

    def users(self, error: ProtectedError) -> str:
        return ", ".join(sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects}))


class KeptWhileNamed(KeptWhileUsed):
    """Says the rows by their names. For rows whose names are no personal data."""

    def users(self, error: ProtectedError) -> str:
        kinds: dict[str, list[str]] = {}
        for row in error.protected_objects:
            kinds.setdefault(str(row._meta.verbose_name_plural), []).append(str(row))
        return "; ".join(f"{kind}: {', '.join(sorted(names))}" for kind, names in sorted(kinds.items()))
