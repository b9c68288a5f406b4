from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = ("cardevent", "deathevent", "paperreminder")


class Migration(migrations.Migration):
    dependencies = [("surveillance", "0001_initial")]
    operations = [AppendOnly(f"surveillance_{table}") for table in TABLES]
