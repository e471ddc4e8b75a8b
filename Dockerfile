# One image for every process of the site; docker-compose.yml says which command each one runs.
FROM python:3.13-slim AS packages
COPY requirements.txt .
# The lock and nothing else: a package whose hash differs from it is refused.
RUN python -m venv /venv && \
    /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin candor && \
    install --directory --owner=candor --group=candor /srv/media /srv/static /srv/schedule /srv/mail /srv/actions && \
    install --directory --mode=777 /srv/hits
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=cms.settings.production
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# Production settings refuse to start without a value for each of these; none of them reaches a running process.
RUN SECRET_KEY=only-while-building SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgresql://build.invalid/none REDIS_URL=redis://build.invalid/0 \
    EMAIL_HOST=build.invalid DEFAULT_FROM_EMAIL=build@build.invalid MAIL_SUPPRESSION_KEY=only-while-building \
    RECORDS_KEYS=build=0000000000000000000000000000000000000000000000000000000000000000 \
    RECORDS_INDEX_KEY=0000000000000000000000000000000000000000000000000000000000000000 \
    python manage.py collectstatic --noinput && python -m compileall -q .
USER candor
EXPOSE 8000
