"""What stays of a scan of this site: its report, and what it found undeclared."""

from django.db import transaction
from wagtail.models import Site

from consent import findings
from consent.models import Finding, Scan
from consent.scanning.report import Run, as_json

NEWEST = 20  # runs of each site that are kept


def keep(run: Run, site: Site, *, by: str) -> Scan:
    with transaction.atomic():
        scan = Scan.objects.create(
            site=site,
            started_at=run.started_at,
            finished_at=run.finished_at,
            pages=len(run.seen.pages),
            undeclared=len(run.undeclared),
            misplaced=len(run.misplaced),
            report=as_json(run),
            by=by,
        )
        newest = Scan.objects.filter(site=site).order_by("-started_at", "-pk").values("pk")[:NEWEST]
        Scan.objects.filter(site=site).exclude(pk__in=[row["pk"] for row in newest]).delete()
        for thing in run.undeclared:
            findings.record(
                site_id=site.pk,
                kind=thing.kind,
                name=thing.name,
                source=Finding.Source.SCAN,
                page=thing.sights[0].page,
                now=run.finished_at,
                detail=", ".join(thing.details),
            )
    return scan
