from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = ("report", "rescuestep", "treatment", "kitcheck")


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_initial")]
    operations = [AppendOnly(f"safety_{table}") for table in TABLES]
