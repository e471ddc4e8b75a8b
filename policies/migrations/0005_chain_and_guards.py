"""Puts the versions frozen before into the chain, and guards the new tables."""

import hashlib
import json
from datetime import UTC

import rfc8785
from django.db import migrations, models

from records.append_only import append_only

UNGUARD = "ALTER TABLE policies_policyversion DISABLE TRIGGER policies_policyversion_no_change"
GUARD = "ALTER TABLE policies_policyversion ENABLE TRIGGER policies_policyversion_no_change"

NOT_BEFORE_THE_ORIGINAL = """
CREATE FUNCTION policies_refuse_early_rendition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.effective_from < (SELECT effective_from FROM policies_policyversion WHERE id = NEW.version_id) THEN
        RAISE EXCEPTION 'a translation takes force no earlier than its original'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_policyrendition_in_time BEFORE INSERT ON policies_policyrendition
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_early_rendition();
"""
ALLOW = """
DROP TRIGGER IF EXISTS policies_policyrendition_in_time ON policies_policyrendition;
DROP FUNCTION IF EXISTS policies_refuse_early_rendition();
"""


def _sha256(value):
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def _covered(row):
    plain = ("number", "language", "frozen_by", "written_by", "change_note", "content_sha256", "previous_sha256")
    texts = {name: hashlib.sha256(getattr(row, name).encode()).hexdigest() for name in ("html", "text")}
    data = {name: _sha256(getattr(row, name)) for name in ("source", "used")}
    instants = {
        name: getattr(row, name).astimezone(UTC).isoformat(timespec="microseconds")
        for name in ("effective_from", "frozen_at")
    }
    more = {"policy": str(row.policy), "material": row.material, "ends": row.ends}
    return {**{name: getattr(row, name) for name in plain}, **texts, **data, **instants, **more}


def chain(apps, schema_editor):
    last = {}
    versions = apps.get_model("policies", "PolicyVersion").objects.select_related("page__locale", "revision")
    for version in versions.order_by("page", "number"):
        version.policy, version.language = version.page.translation_key, version.page.locale.language_code
        version.written_by = version.frozen_by
        version.source = json.loads(version.revision.content["body"])
        version.previous_sha256 = last.get(version.policy, "")
        version.sha256 = last[version.policy] = _sha256(_covered(version))
        version.save()
        _sheet(apps, version)


def _sheet(apps, version):
    sheet = apps.get_model("records", "TermSheet").objects.create(
        policy=version.policy,
        number=version.number,
        label=f"{version.content['title']}, version {version.number}",
        effective_from=version.effective_from,
    )
    withdrawal = apps.get_model("policies", "PolicyWithdrawal").objects.filter(version=version).first()
    if withdrawal:
        taken_back = apps.get_model("records", "TermSheetWithdrawal")
        taken_back.objects.create(sheet=sheet, withdrawn_at=withdrawal.withdrawn_at)


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_renditions_and_terms"), ("records", "0004_terms_append_only")]

    operations = [
        migrations.RunSQL(UNGUARD, GUARD),
        migrations.RunPython(chain, migrations.RunPython.noop),
        # PostgreSQL alters no table while rows it has just changed wait for the end of the transaction to be checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.AlterField("policyversion", "policy", models.UUIDField(verbose_name="policy")),
        append_only("policies_policyrendition"),
        migrations.RunSQL(NOT_BEFORE_THE_ORIGINAL, ALLOW),
    ]
