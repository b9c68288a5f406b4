from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_initial")]
    operations = [append_only("campaign_declaration")]
