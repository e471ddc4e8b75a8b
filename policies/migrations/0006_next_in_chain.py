"""Lets a frozen text be added only at the end of its chain: none below a newer one, and none dated before it."""

from django.db import migrations


def _guard(table, of):
    same = " AND ".join(f"{column} = NEW.{column}" for column in of)
    return f"""
CREATE FUNCTION {table}_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT number, frozen_at, sha256 INTO last FROM {table} WHERE {same} ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last.number, 0) + 1 THEN
        RAISE EXCEPTION 'number % is not the next', NEW.number USING ERRCODE = 'restrict_violation';
    ELSIF NEW.previous_sha256 <> coalesce(last.sha256, '') THEN
        RAISE EXCEPTION 'number % does not follow the one before', NEW.number USING ERRCODE = 'restrict_violation';
    ELSIF NEW.frozen_at < last.frozen_at THEN
        RAISE EXCEPTION 'number % is dated before the one before', NEW.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_next BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_next();
"""


def _allow(table):
    return f"DROP TRIGGER IF EXISTS {table}_next ON {table}; DROP FUNCTION IF EXISTS {table}_next();"


WITHDRAWAL = """
CREATE OR REPLACE FUNCTION policies_refuse_late_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version record;
BEGIN
    SELECT effective_from, frozen_at INTO version FROM policies_policyversion WHERE id = NEW.version_id;
    IF NEW.withdrawn_at >= version.effective_from THEN
        RAISE EXCEPTION 'a version that took force cannot be withdrawn, only superseded'
            USING ERRCODE = 'restrict_violation';
    ELSIF NEW.withdrawn_at < version.frozen_at THEN
        RAISE EXCEPTION 'a version cannot be withdrawn before it is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_chain_and_guards")]

    operations = [
        migrations.RunSQL(_guard("policies_policyversion", ["policy"]), _allow("policies_policyversion")),
        migrations.RunSQL(
            _guard("policies_policyrendition", ["version_id", "language"]), _allow("policies_policyrendition")
        ),
        migrations.RunSQL(WITHDRAWAL, migrations.RunSQL.noop),
    ]
