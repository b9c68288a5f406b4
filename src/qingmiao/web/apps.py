from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation.reloader import translation_file_changed

from qingmiao.locale.compile import compile_catalogues


class WebConfig(AppConfig):
    name = "qingmiao.web"
    verbose_name = _("Screens")

    def ready(self) -> None:
        """Bring the compiled words in step with the catalogues, before the first page asks for them."""
        for written in compile_catalogues(Path(settings.LOCALE_PATHS[0])):
            translation_file_changed(None, written)  # an app that was ready earlier may have loaded the old ones
