"""Do all workers together keep to the rates, and what if the counter is away?"""

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings as django_settings
from pytest_django import Settings

from mailing.transport import rates
from mailing.transport.rates import take

SECONDS = 1.5


@pytest.fixture(autouse=True)
def _empty() -> None:
    with redis.Redis.from_url(django_settings.REDIS_URL) as valkey:
        for key in valkey.scan_iter("*mail-rate*"):
            valkey.delete(key)


def greedy(wanted: int, seconds: float, provider: str = "gmail") -> int:
    """Takes as much as it can get."""
    until, granted = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        granted += take(wanted, provider=provider)
    return granted


def in_process(found: "multiprocessing.Queue[int]", mail_rates: dict[str, float], wanted: int) -> None:
    django_settings.MAIL_RATES = mail_rates
    found.put(greedy(wanted, SECONDS))


def test_four_processes_keep_to_one_rate(settings: Settings) -> None:
    settings.MAIL_RATES = {"all": 400.0, "gmail": 100.0}
    fork = multiprocessing.get_context("fork")
    found: multiprocessing.Queue[int] = fork.Queue()
    start = time.monotonic()
    workers = [fork.Process(target=in_process, args=(found, settings.MAIL_RATES, wanted)) for wanted in (1, 3, 20, 50)]
    for worker in workers:
        worker.start()
    granted = sum(found.get(timeout=30) for _ in workers)
    for worker in workers:
        worker.join()
    took = time.monotonic() - start
    assert granted <= 100 * took + 100
    assert granted >= 100 * SECONDS  # what is allowed may also be had: a second's worth at once, and the rate


def test_four_threads_share_what_is_for_all(settings: Settings) -> None:
    settings.MAIL_RATES = {"all": 200.0}
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        providers = ["gmail", "yahoo", "microsoft", "other"]
        granted = sum(pool.map(lambda provider: greedy(7, SECONDS, provider), providers))
    took = time.monotonic() - start
    assert 200 * SECONDS <= granted <= 200 * took + 200


def test_one_limit_that_is_used_up_takes_nothing_from_the_others(settings: Settings) -> None:
    settings.MAIL_RATES = {"all": 10.0, "gmail": 0.01}
    assert take(5, provider="gmail") == 1
    assert take(5, provider="gmail") == 0
    assert take(50, provider="yahoo") in (9, 10)  # one is gone, unless a tenth of a second has passed


def test_a_campaign_has_its_own_limit(settings: Settings) -> None:
    settings.MAIL_RATES = {}
    assert take(500, provider="gmail", campaign=1, per_minute=120) == 2  # two a second: a second's worth
    assert take(500, provider="yahoo", campaign=1, per_minute=120) <= 1
    assert take(500, provider="yahoo", campaign=2, per_minute=120) == 2
    assert take(500, provider="yahoo", campaign=3, per_minute=6) == 1  # less than one a second: one, then a pause
    assert take(500, provider="yahoo", campaign=3, per_minute=6) == 0


def test_what_is_not_used_is_kept_for_a_second_at_most(settings: Settings) -> None:
    settings.MAIL_RATES = {"gmail": 20.0}
    start = time.monotonic()
    assert take(100, provider="gmail") == 20
    time.sleep(0.26)
    assert 5 <= take(100, provider="gmail") <= 20 * (time.monotonic() - start) + 1
    time.sleep(1.3)
    assert take(100, provider="gmail") == 20


def test_a_full_bucket_is_forgotten(settings: Settings) -> None:
    settings.MAIL_RATES = {"gmail": 50.0}
    take(10, provider="gmail")
    with redis.Redis.from_url(django_settings.REDIS_URL) as valkey:
        [key] = list(valkey.scan_iter("*mail-rate*"))
        assert 0 < valkey.pttl(key) <= 1001


def test_a_clock_that_was_set_back_neither_stops_nor_frees_anything(settings: Settings) -> None:
    settings.MAIL_RATES = {"gmail": 10.0}
    take(1, provider="gmail")
    with redis.Redis.from_url(django_settings.REDIS_URL) as valkey:
        [key] = list(valkey.scan_iter("*mail-rate*"))
        valkey.set(key, str(int((time.time() + 3600) * 1_000_000)))
    assert take(10, provider="gmail") == 0
    time.sleep(0.35)
    assert 1 <= take(10, provider="gmail") <= 10


AWAY = "redis://127.0.0.1:1/0"  # nothing listens there


def test_without_a_limit_nobody_is_asked(settings: Settings) -> None:
    settings.MAIL_RATES, settings.REDIS_URL = {"yahoo": 1.0}, AWAY
    assert take(250, provider="gmail") == 250
    assert take(0, provider="yahoo") == 0
    assert take(-3, provider="gmail") == 0


def test_while_the_counter_is_away_nothing_leaves(settings: Settings) -> None:
    settings.MAIL_RATES, settings.REDIS_URL = {"all": 1.0}, AWAY
    with pytest.raises(ConnectionError) as error:
        take(1, provider="gmail")
    assert isinstance(error.value, OSError)  # what a task comes again for


def test_a_counter_that_was_restarted_knows_the_script_again(settings: Settings) -> None:
    settings.MAIL_RATES = {"gmail": 10.0}
    take(1, provider="gmail")
    with redis.Redis.from_url(django_settings.REDIS_URL) as valkey:
        valkey.script_flush()
    assert take(1, provider="gmail") == 1
    assert rates.take(100, provider="gmail") >= 8
