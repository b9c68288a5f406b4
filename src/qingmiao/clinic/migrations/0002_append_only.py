from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = (
    "visitevent",
    "consent",
    "screening",
    "lotcheck",
    "injection",
    "dosefinding",
    "dosejudgement",
    "findingdecision",
    "callback",
)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [AppendOnly(f"clinic_{table}") for table in TABLES]
