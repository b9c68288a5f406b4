from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_written_reports")]
    operations = [append_only("reports_compilation")]
