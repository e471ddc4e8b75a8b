"""A site with one of each thing that the CMS has a screen for; and every address of the CMS, filled in."""

from tests.filled.site import MARKS, STAFF, fill
from tests.filled.walk import Address, addresses, screens

__all__ = ["MARKS", "STAFF", "Address", "addresses", "fill", "screens"]
