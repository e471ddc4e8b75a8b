# Every target is a few words over manage.py and the tools; the README gives the plain commands.
PYTHON ?= python3
BIN = .venv/bin
# The environment is made once per lock file and Python version, and reused.
STAMP = .venv/made-from-$(shell cksum < requirements-dev.txt | tr -d ' ')-$(shell $(PYTHON) -c 'import sys; print(*sys.version_info[:3], sep=".")')
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
PRODUCTION = DJANGO_SETTINGS_MODULE=cms.settings.production SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w0) \
	DATABASE_URL=postgresql://candor@127.0.0.1/candor REDIS_URL=redis://127.0.0.1/0 SITE_URL=https://candor.example \
	ALLOWED_HOSTS=candor.example EMAIL_HOST=127.0.0.1 DEFAULT_FROM_EMAIL=no-reply@candor.example MAIL_SUPPRESSION_KEY=$$(head -c 32 /dev/urandom | base64 -w0) \
	RECORDS_KEYS=check=$$(head -c 32 /dev/urandom | od -An -tx1 | tr -d " \n") RECORDS_INDEX_KEY=$$(head -c 32 /dev/urandom | od -An -tx1 | tr -d " \n")

.PHONY: demo test lint bench soak lock shots help
.DEFAULT_GOAL := help

demo: $(STAMP) ## The whole site on this machine, until Ctrl-C
	$(BIN)/python manage.py demo

test: $(STAMP) ## Every test, browser and workers included
	$(BIN)/python -m pytest

lint: $(STAMP) ## Style, types, imports, templates, migrations, deployment checks
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-logo && $(BIN)/mypy
	$(BIN)/djhtml --check --tabwidth 2 $$(git ls-files '*/templates/*.html') && $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(STAMP) ## Measure start-up, pages, the policy, consent, its proof, kept pages, the banner, mail, records, statistics on this machine
	$(BIN)/python bench/startup.py && $(BIN)/python bench/policies.py
	$(BIN)/python bench/consent.py && $(BIN)/python bench/proof.py && $(BIN)/python bench/page_cache.py
	$(BIN)/python -m bench.browser && $(BIN)/python -m bench.mail && $(BIN)/python -m bench.records && $(BIN)/python -m bench.pages && $(BIN)/python -m bench.tallies

soak: $(STAMP) ## Send 20,000 messages to a local sink while workers are killed, and count
	$(BIN)/python bench/soak.py

lock: ## Write the lock files from requirements*.in (needs uv)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

shots: $(STAMP) ## Take pictures of every page and screen from a running demo, and say what is wrong with them
	$(BIN)/python -m bench.shots $(SHOTS)

help: ## This list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 10

$(STAMP):
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
