from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = ("snapshot", "snapshotpart", "snapshotmember", "formissue", "compilation")


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [AppendOnly(f"reports_{table}") for table in TABLES]
