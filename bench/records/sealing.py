"""What does sealing one value cost, beside Fernet, and how long does it take to wrap every key anew?

    python -m bench.records.sealing [--keys 100000]

All ways take turns in one run, so that a busy machine is busy for each of them. Prints a Markdown table.
"""

import argparse
import itertools
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.table import here_and_now, own_engines

ROUNDS, TIMES = 41, 500  # the median of so many rounds, of so many calls each
VALUE = b"ana.of.the.quay@mail.example"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Key:
    id: uuid.UUID
    wrapped: bytes
    master: str


def ways() -> dict[str, Callable[[], object]]:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from records import cipher

    key_id, place = uuid.uuid4(), "home.Inquiry.email:12"
    key = Key(key_id, *cipher.new_key(key_id))
    fernet, bare = Fernet(Fernet.generate_key()), AESGCM(cipher.unwrap(key))
    sealed, token, inner = cipher.seal(VALUE, key, place), fernet.encrypt(VALUE), cipher._seal(bare, VALUE, b"here")
    text = VALUE.decode()
    return {
        "Fernet, encrypt": lambda: fernet.encrypt(VALUE),
        "Fernet, decrypt": lambda: fernet.decrypt(token),
        "AES-GCM, seal": lambda: cipher._seal(bare, VALUE, b"here"),
        "AES-GCM, open": lambda: cipher._open(bare, inner, b"here"),
        "unwrap a person's key": lambda: cipher.unwrap(key),
        "a column: unwrap and seal": lambda: cipher.seal(VALUE, key, place),
        "a column: unwrap and open": lambda: cipher.open_sealed(sealed, key, place),
        "blind index of an e-mail address": lambda: cipher.blind("email", text),
        "blind index of a telephone number": lambda: cipher.blind("phone", "+44 (0)20 7946 0018"),
    }


def measure() -> dict[str, float]:
    """Microseconds a call, by way."""
    found: dict[str, list[float]] = {name: [] for name in ways()}
    for name, way in list(ways().items()) * ROUNDS:
        started = time.perf_counter()
        for _ in range(TIMES):
            way()
        found[name].append((time.perf_counter() - started) / TIMES * 1e6)
    return {name: statistics.median(times) for name, times in found.items()}


def sizes() -> str:
    from cryptography.fernet import Fernet

    from records import cipher

    key_id = uuid.uuid4()
    sealed = len(cipher.seal(VALUE, Key(key_id, *cipher.new_key(key_id)), "home.Inquiry.email:12"))
    fernet = len(Fernet(Fernet.generate_key()).encrypt(VALUE))
    return f"| bytes: plain / Fernet / sealed | {len(VALUE)} / {fernet} / {sealed} |"


def rotate(count: int) -> tuple[float, float]:
    """Seconds for so many keys, and the longest batch in milliseconds."""
    from django.test.utils import override_settings

    from records import cipher, keys
    from records.models import SubjectKey

    with override_settings(RECORDS_KEYS={"old": "11" * 32}):
        for start in range(0, count, 5000):
            ids = [uuid.uuid4() for _ in range(start, min(start + 5000, count))]
            made = [(key_id, *cipher.new_key(key_id)) for key_id in ids]
            at = {"created_at": NOW, "wrapped_at": NOW}
            SubjectKey.objects.bulk_create(
                SubjectKey(id=key_id, subject=key_id.bytes, wrapped=wrapped, master=master, **at)
                for key_id, wrapped, master in made
            )
    batches = [time.perf_counter()]
    with override_settings(RECORDS_KEYS={"new": "22" * 32, "old": "11" * 32}):
        batches += [time.perf_counter() for _rows in keys.rotate(now=NOW)]
        assert keys.under() == {"new": count}
    waits = [(end - start) * 1000 for start, end in itertools.pairwise(batches)]
    return batches[-1] - batches[0], max(waits)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keys", type=int, default=100_000)
    count = arguments.parse_args().keys
    with own_engines():
        import django

        django.setup()
        from django.core.management import call_command

        lines = [f"| {name} | {micro:.1f} |" for name, micro in measure().items()]
        call_command("migrate", verbosity=0)
        seconds, longest = rotate(count)
    print(f"{here_and_now()}.\n")
    print("| one value | µs |\n|---|---|", *lines, sizes(), sep="\n")
    print(f"\n`rotate_keys` wraps {count:,} keys in {seconds:.1f} s; the longest batch takes {longest:.0f} ms.")


if __name__ == "__main__":
    main()
