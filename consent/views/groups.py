"""How is a group told to whoever chooses: its services, who answers for them, what they learn, how long all is kept?"""

from consent import lifetimes
from consent.catalogue import Content
from consent.countries import country
from consent.receipts.words import label
from consent.vocabulary import Responsible, Safeguard, Storage
from records.registry import Observed


def told(group: Content) -> Content:
    """The same group with words in place of codes, in the language of the moment."""
    names = {service["key"]: service["name"] for service in group["services"]}
    return group | {
        "services": [_service(service) for service in group["services"]],
        "cookies": [_cookie(cookie, names) for cookie in group["cookies"]],
    }


def _service(service: Content) -> Content:
    vendor = service["vendor"]
    return service | {
        "country": country(vendor["country"]),
        "data": [label(Observed, learnt) for learnt in service["data"]],
        "countries": [country(code) for code in service["countries"]],
        "safeguard": "" if service["safeguard"] == Safeguard.UNKNOWN else label(Safeguard, service["safeguard"]),
        "responsible": label(Responsible, service["responsible"]),
        "policy_url": service["policy_url"] or vendor["policy_url"],
    }


def _cookie(cookie: Content, names: dict[str, str]) -> Content:
    return cookie | {
        "kept": lifetimes.words(cookie["lifetime"]),
        "storage": "" if cookie["storage"] == Storage.COOKIE else label(Storage, cookie["storage"]),
        "of": names.get(cookie["service"], ""),
    }
