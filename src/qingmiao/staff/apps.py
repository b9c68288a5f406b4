from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "qingmiao.staff"
    verbose_name = _("Staff and organisations")

    def ready(self) -> None:
        from qingmiao.staff import lookups  # noqa: F401 (registers `begins`)
