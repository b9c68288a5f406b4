from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveillanceConfig(AppConfig):
    name = "qingmiao.surveillance"
    verbose_name = _("Disease surveillance")
