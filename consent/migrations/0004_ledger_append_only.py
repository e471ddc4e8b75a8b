from django.db import migrations

from records.append_only import append_only, redactable


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_ledger")]

    operations = [
        redactable("consent_decision"),
        append_only("consent_redaction"),
        append_only("consent_seal"),
        append_only("consent_ledgerentry"),
        append_only("consent_anchor"),
        append_only("consent_verification"),
    ]
