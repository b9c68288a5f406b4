from django.db import migrations

from qingmiao.audit.append_only import AppendOnly

TABLES = ("declaration", "taskstep", "target", "point", "inspection", "activity", "delivery", "signedcount", "picture")
# A merge of two records moves the visits to the survivor; nothing else changes.
VISIT = ("result", "reason", "note", "until", "level", "day", "at", "by_id", "by_name")


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_initial")]
    operations = [*(AppendOnly(f"campaign_{table}") for table in TABLES), AppendOnly("campaign_doorvisit", VISIT)]
