import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_facts"), ("staff", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="brought_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose list or desk put this person on record: it may see them, even if they belong to no unit.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people_brought",
                to="staff.organisation",
            ),
        ),
    ]
