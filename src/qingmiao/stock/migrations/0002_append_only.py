from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = ("movement", "todayslot", "delivery", "reading", "count", "supplycount", "fee")


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = [AppendOnly(f"stock_{table}") for table in TABLES]
