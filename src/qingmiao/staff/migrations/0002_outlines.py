"""Where places lie on the schematic map."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Outline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rings", models.JSONField(help_text="Closed lines of points on a sheet of 1000, y downwards.")),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outline", to="staff.organisation"
                    ),
                ),
            ],
            options={"verbose_name": "Outline on the map"},
        ),
    ]
