"""Catalogues with more than one group, for tests of what is asked again and of what a browser's signal refuses."""

from consent import catalogue
from consent.catalogue import Published
from consent.models import Service
from tests import make

ADS, MAPS = "marketing", "maps"


def group(key: str, *services: str, gpc: bool = False) -> None:
    """An optional group of the draft with these services; all of them sell data, or none."""
    row = catalogue.add_group(key=key, name=key.title(), description=f"What {key} is for.")
    for service in services:
        Service.objects.create(
            key=service,
            name=service.title(),
            vendor=make.recipient(f"{service.title()} Works"),
            group=row,
            description=f"What {service} does.",
            script_url=f"http://127.0.0.1:9/{service}.js",
            gpc=gpc,
        )


def of_three() -> Published:
    """Statistics with one service, maps with two, advertising whose two services sell data."""
    make.catalogue_of_one()
    group(MAPS, "streets", "tides")
    group(ADS, "billboard", "beacon", gpc=True)
    return make.publish()


def change(key: str) -> Published:
    """The services of a group learn more than before, which is material; published."""
    Service.objects.filter(group__varname=key).update(data=["location"])
    return make.publish()
