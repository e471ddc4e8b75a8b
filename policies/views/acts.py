"""What an editor does to versions: withdrawing one, ending the policy, publishing a text beside a pending one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page

from policies import effective, freeze, projection, reissue
from policies.forms import EndForm, UrgentForm, WithdrawForm
from policies.models import PolicyPage, PolicyVersion
from policies.views import consequences
from policies.wording import instant


class Act(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """One thing done to the versions of a policy, by somebody who may publish it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now = timezone.now()
        if not self.page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        refusal = self.why_not()
        return self.refuse(refusal) if refusal else super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> PolicyPage:
        return get_object_or_404(PolicyPage, pk=self.kwargs["page_pk"], alias_of=None)

    @cached_property
    def current(self) -> PolicyVersion | None:
        return effective.in_force(self.page, self.now)

    @property
    def editor(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=(self.page.pk,))

    @property
    def user(self) -> AbstractUser:
        assert isinstance(self.request.user, AbstractUser)  # the CMS asks everybody else to sign in
        return self.request.user

    @property
    def by(self) -> str:
        return freeze.name_of(self.user)

    def why_not(self) -> str:
        """A sentence when there is nothing to act on (any more)."""
        return ""

    def refuse(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return redirect(self.editor)

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect(self.editor)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = get_breadcrumbs_items_for_page(self.page, self.request.user, include_self=False)
        here = {"url": self.editor, "label": self.page.get_admin_display_title()}
        return [*above, here, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page, current=self.current, editor=self.editor, **kwargs)


class WithdrawView(Act):
    """Takes a pending version back."""

    page_title = gettext_lazy("Withdraw a version")
    header_icon = "cross"
    form_class = WithdrawForm
    template_name = "policies/admin/acts/withdraw.html"

    @cached_property
    def version(self) -> PolicyVersion:
        return get_object_or_404(PolicyVersion.objects.select_related("page"), pk=self.kwargs["version_pk"])

    @cached_property
    def page(self) -> PolicyPage:
        return self.version.page

    def why_not(self) -> str:
        if self.page.versions.pending(self.now).filter(pk=self.version.pk).exists():
            return ""
        if hasattr(self.version, "withdrawal"):
            return _("Version %(number)d was withdrawn before.") % {"number": self.version.number}
        sentence = _("Version %(number)d took force on %(when)s. It can only be superseded: publish another version.")
        return sentence % {"number": self.version.number, "when": instant(self.version.effective_from)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        when = self.version.effective_from
        before = self.page.versions.effective_by(when).exclude(pk=self.version.pk).first()
        return super().get_context_data(version=self.version, when=instant(when), instead=before, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            freeze.withdraw(version=self.version, now=self.now, by=self.by, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            return self.refuse(" ".join(error.messages))
        projection.mark_next(self.page, self.now)
        return self.done(_("Version %(number)d is withdrawn.") % {"number": self.version.number})


class EndView(Act):
    """Ends the policy, after a look at what ends with it."""

    page_title = gettext_lazy("End the policy")
    header_icon = "no-view"
    form_class = EndForm
    template_name = "policies/admin/acts/end.html"

    def why_not(self) -> str:
        coming = self.page.versions.pending(self.now).filter(ends=True).first()
        if coming:
            words = {"when": instant(coming.effective_from)}
            return _("The policy ends on %(when)s already. To change that, withdraw its end first.") % words
        if self.current and self.current.ends:
            return _("The policy has ended already. To take it up again, publish a new version.")
        if not self.page.versions.standing().exists():
            return _("There is no version of this policy yet: nothing can end.")
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"now": self.now}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"what_ends": consequences.of_ending(self.current), **kwargs})

    def form_valid(self, form: Form) -> HttpResponse:
        at = form.cleaned_data["at"] or self.now
        if "confirmed" not in self.request.POST:
            return self._ask_again(form, at)
        note = form.cleaned_data["note"]
        try:
            freeze.end(page=self.page, effective_from=at, now=self.now, by=self.by, note=note)
        except ValidationError as error:
            return self.refuse(" ".join(error.messages))
        if at > self.now:
            sentence = _("The policy ends on %(when)s. Visitors can read that from now on.")
            return self.done(sentence % {"when": instant(at)})
        return self.done(_("The policy has ended. Its versions can still be read."))

    def _ask_again(self, form: Form, at: datetime) -> HttpResponse:
        ending = self.page.versions.effective_by(at).first()
        context = self.get_context_data(
            form=form,
            confirming=True,
            when=instant(at) if at > self.now else "",
            after=self.page.versions.pending(at),
            what_ends=consequences.of_ending(ending),
        )
        return self.render_to_response(context)


class UrgentView(Act):
    """Publishes a draft now, once the editor has said what becomes of each pending version."""

    page_title = gettext_lazy("Publish beside a pending version")
    header_icon = "warning"
    form_class = UrgentForm
    template_name = "policies/admin/acts/urgent.html"

    def why_not(self) -> str:
        if self.page.permissions_for_user(self.request.user).page_locked():
            return _("This policy is locked: nobody publishes it before it is unlocked.")
        revision = get_object_or_404(self.page.revisions, pk=self.kwargs["revision_pk"])
        try:
            self.situation = reissue.look(self.page, revision, self.now)
        except reissue.Stale as error:
            return str(error)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.situation.seen}

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = {"questions": self.situation.questions, "sentences": consequences.of_fates(self.situation)}
        return super().get_form_kwargs() | asked

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        spoken = consequences.Spoken(self.situation)
        explained = [spoken.explained(asked) for asked in context["form"].asked]
        return context | {"explained": explained, "situation": self.situation, "start_again": self._start_again()}

    def _start_again(self) -> str:
        """Where to write the fix from the text in force instead of from the pending one."""
        if self.current is None or self.current.ends:
            return ""
        return reverse("wagtailadmin_pages:revisions_revert", args=(self.page.pk, self.current.revision_id))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("seen") == self.situation.seen:
            return super().post(request, *args, **kwargs)
        messages.warning(request, reissue.changed_meanwhile())
        return redirect(request.path)

    def form_valid(self, form: UrgentForm) -> HttpResponse:
        publish, decisions = reissue.publish, form.decisions()
        try:
            publish(situation=self.situation, decisions=decisions, user=self.user, by=self.by, now=self.now)
        except reissue.Stale as error:
            return self.refuse(str(error))
        except ValidationError as error:
            form.add_error(None, _("Nothing was published: %(errors)s") % {"errors": " ".join(error.messages)})
            return self.form_invalid(form)
        return self.done(consequences.of_publishing(self.situation, timezone.now()))
