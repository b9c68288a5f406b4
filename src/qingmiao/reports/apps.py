from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "qingmiao.reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Keep the triggers of the kept counts in step with the tables."""
        from qingmiao.reports.triggers import watch_migrations

        watch_migrations(self)
