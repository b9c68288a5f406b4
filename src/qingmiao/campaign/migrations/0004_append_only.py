from django.db import migrations

from qingmiao.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("campaign", "0003_whole_campaign")]
    operations = [
        append_only("campaign_taskstep"),
        append_only("campaign_target"),
        append_only("campaign_point"),
        append_only("campaign_inspection"),
        append_only("campaign_activity"),
        append_only("campaign_delivery"),
        append_only("campaign_signedcount"),
        append_only("campaign_picture"),
        # A merge of two records moves the visits to the survivor.
        append_only(
            "campaign_doorvisit", ["result", "reason", "note", "until", "level", "day", "at", "by_id", "by_name"]
        ),
    ]
