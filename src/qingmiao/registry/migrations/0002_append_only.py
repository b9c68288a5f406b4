from django.db import migrations

from qingmiao.audit.append_only import append_only

# A merge moves doses to another person (person_id) and a clerk may release a held one (held); nothing else changes.
# Doses from a list may be withdrawn together with their import; a dose that was given here stays for ever.
FIXED = (
    "id",
    "product_code",
    "vaccine",
    "dose_number",
    "given_on",
    "given_at",
    "lot_id",
    "lot_number",
    "manufacturer",
    "site_id",
    "site_name",
    "body_site",
    "given_by_id",
    "source",
    "supersedes_id",
    "is_void",
    "reason",
    "recorded_at",
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [append_only("registry_dose", FIXED, "OLD.source = 'here'")]
