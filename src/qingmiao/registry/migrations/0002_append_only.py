from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

# A merge moves doses and facts to another person (person_id) and a clerk may release a held dose (held); nothing else
# changes. Doses from a list may be withdrawn together with their import; one that was given here stays for ever.
DOSE = (
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
FACT = ("id", "code", "content", "true_on", "recorded_at", "recorded_by_id")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        AppendOnly("registry_dose", DOSE, "OLD.source = 'here'"),
        AppendOnly("registry_fact", FACT),
    ]
