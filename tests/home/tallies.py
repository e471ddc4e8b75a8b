"""Sums of days for tests of the screens, without the action log they came from."""

from datetime import date, timedelta

from home.models import Tally

TODAY = date(2026, 3, 1)  # as `clock` says


def sums(
    of: str = "all", value: str = "", *, visitors: int | None = 10, views: int | None = 20, days: int = 40
) -> None:
    """The same on each of the last days that are over."""
    Tally.objects.bulk_create(
        Tally(day=TODAY - timedelta(days=ago), of=of, value=value, visitors=visitors, views=views, final=True)
        for ago in range(1, days + 1)
    )
