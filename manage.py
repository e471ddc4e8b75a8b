#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db.utils import OperationalError
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this interpreter. Run `make demo`, or:\n"
            "  python3 -m venv .venv && .venv/bin/pip install --require-hashes -r requirements-dev.txt\n"
            "and call .venv/bin/python manage.py."
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(f"Settings: {error}") from error
    except OperationalError as error:
        raise SystemExit(
            f"The database does not answer ({type(error.__cause__).__name__}).\n"
            "Start the demo in another terminal (manage.py demo), or set DATABASE_URL to a PostgreSQL that runs."
        ) from error


if __name__ == "__main__":
    main()
