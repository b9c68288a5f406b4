from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = [append_only("stock_movement"), append_only("stock_todayslot")]
