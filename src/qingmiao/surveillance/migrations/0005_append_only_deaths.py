from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("surveillance", "0004_deaths_and_papers")]
    operations = [append_only("surveillance_deathevent"), append_only("surveillance_paperreminder")]
