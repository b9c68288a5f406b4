"""Facts that the rules for revaccination, travellers, wounds and a second exposure ask for."""

from django.db import migrations, models

from qingmiao.registry.facts import KINDS


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_management_and_back_entries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fact",
            name="code",
            field=models.CharField(choices=[(code, code) for code in KINDS], max_length=32, verbose_name="Fact"),
        ),
    ]
