from django.db import migrations, models

# Whoever was counted before is counted once more, so that the new column is filled.
AGAIN = "INSERT INTO reports_changedperson (person_id) SELECT person_id FROM reports_persontally"


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_kept_counts")]
    operations = [
        migrations.AddField(
            model_name="persontally",
            name="done",
            field=models.CharField(
                blank=True,
                db_index=True,
                default="",
                help_text="Indicators the person is above the line of, by name.",
                max_length=200,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
