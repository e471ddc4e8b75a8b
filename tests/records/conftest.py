"""Fixtures of this floor's tests."""

from tests.records.acting import log as log
