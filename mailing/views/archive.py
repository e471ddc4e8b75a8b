"""GET /mail/archive/: what was sent to everybody on a list, for everybody."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from mailing.compose import body, merge
from mailing.models import Campaign, Text
from mailing.views import asking, links, subjects
from records.http import BadRequest, guarded

ON_A_PAGE = 20


def in_archive(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Promotional mail that was sent and may be read by everybody, the newest first."""
    sent = campaigns.filter(in_archive=True, state=Campaign.State.SENT, kind=Campaign.Kind.PROMOTION)
    return sent.filter(texts__isnull=False).distinct().order_by("-queued_at", "-pk")


@never_cache
@guarded(limit=1024, rate="60/m", methods=links.READ)
def archive(request: HttpRequest) -> HttpResponse:
    """A page there is none of is the last."""
    leaf = Paginator(in_archive(Campaign.objects.select_related("mailing_list")), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    subjects.look_up(leaf)
    rows = [(campaign, text) for campaign in leaf if (text := _text(campaign))]
    said = subjects.filled([text.subject for _campaign, text in rows], asking.language())
    shown = [(campaign, text, subject) for (campaign, text), subject in zip(rows, said, strict=True)]
    return render(request, "mailing/archive.html", {"rows": shown, "leaf": leaf})


@never_cache
@guarded(limit=1024, rate="60/m", methods=links.READ)
def archived(request: HttpRequest, pk: int) -> HttpResponse:
    """In the visitor's language where it was written in it, else in the site's."""
    found = in_archive(Campaign.objects.select_related("mailing_list")).filter(pk=pk).first()
    text = _text(found) if found else None
    if found is None or text is None:
        raise BadRequest(404, _("There is no such mail in the archive."))
    subject, summary = subjects.filled([text.subject, text.preheader], text.language)
    context = {"campaign": found, "text": text, "subject": subject, "summary": summary, "sections": _sections(text)}
    return render(request, "mailing/archived.html", context)


def _text(campaign: Campaign) -> Text | None:
    return campaign.text_for(asking.language(), campaign.chosen)


def _sections(text: Text) -> list[body.Section]:
    """What the editor wrote, for a page of this site: the mail's own layout has styles in its tags."""
    gaps = merge.gaps(list(merge.words_of(text)), text.language)
    values = {key: said(subjects.NOBODY) for key, said in gaps.items()}
    return [section.filled(values, lambda url: url) for section in body.sections(text)]
