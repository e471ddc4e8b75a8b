from django.db import migrations

REFUSE = """
CREATE FUNCTION policies_refuse_late_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.withdrawn_at >= (SELECT effective_from FROM policies_policyversion WHERE id = NEW.version_id) THEN
        RAISE EXCEPTION 'a version that took force cannot be withdrawn, only superseded'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_policywithdrawal_in_time BEFORE INSERT ON policies_policywithdrawal
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_late_withdrawal();
"""
ALLOW = """
DROP TRIGGER IF EXISTS policies_policywithdrawal_in_time ON policies_policywithdrawal;
DROP FUNCTION IF EXISTS policies_refuse_late_withdrawal();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_append_only")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
