from django.db import migrations

from qingmiao.audit.append_only import append_only, append_only_again


class Migration(migrations.Migration):
    dependencies = [("stock", "0003_deliveries_counts_cold_chain")]
    operations = [
        append_only_again("stock_movement"),
        append_only("stock_delivery"),
        append_only("stock_reading"),
        append_only("stock_count"),
        append_only("stock_supplycount"),
        append_only("stock_fee"),
    ]
