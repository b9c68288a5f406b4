from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("clinic", "0004_corrections_seats_call_backs")]
    operations = [append_only(f"clinic_{table}") for table in ("dosejudgement", "findingdecision", "callback")]
