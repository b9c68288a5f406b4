from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = ("auditentry",)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [AppendOnly(f"audit_{table}") for table in TABLES]
