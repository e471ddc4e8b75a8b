"""Which tables may only grow? A migration operation that makes PostgreSQL refuse the rest."""

from django.db.migrations import RunSQL

_REFUSE = """
CREATE OR REPLACE FUNCTION candor_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> RunSQL:
    """Refuses UPDATE, DELETE and TRUNCATE on `table`, from the ORM, the admin and psql alike."""
    return RunSQL(
        sql=f"""{_REFUSE}
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION candor_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION candor_refuse_change();
""",
        reverse_sql=f"""
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
DROP TRIGGER IF EXISTS {table}_no_change ON {table};
""",
    )


_REDACT_ONLY = """
CREATE OR REPLACE FUNCTION candor_refuse_all_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('candor.redacts', true) = TG_TABLE_NAME THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def redactable(table: str) -> RunSQL:
    """Turns an append-only table into one whose rows may be deleted, never changed, by a transaction that says so:
    `SET LOCAL candor.redacts = '<table>'`. Whoever does leaves evidence elsewhere."""
    return RunSQL(
        sql=f"""{_REDACT_ONLY}
DROP TRIGGER {table}_no_change ON {table};
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION candor_refuse_all_but_redaction();
""",
        reverse_sql=f"""
DROP TRIGGER {table}_no_change ON {table};
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION candor_refuse_change();
""",
    )
