"""The public pages answer, and set nothing."""

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db


def test_every_kind_of_page_answers_without_a_cookie(client: Client) -> None:
    home = make.site()
    make.contact(home)
    make.policy(home)
    make.catalogue_of_one()
    for address in ("/", "/contact/", "/privacy/", "/privacy/history/", "/consent/", "/mail/join/"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
