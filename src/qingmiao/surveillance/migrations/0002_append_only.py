from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("surveillance", "0001_cards")]
    operations = [append_only("surveillance_cardevent")]
