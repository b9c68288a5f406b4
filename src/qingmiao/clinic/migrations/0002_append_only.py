from django.db import migrations

from qingmiao.audit.append_only import append_only

TABLES = ("visitevent", "consent", "screening", "lotcheck", "injection", "dosefinding")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [append_only(f"clinic_{table}") for table in TABLES]
