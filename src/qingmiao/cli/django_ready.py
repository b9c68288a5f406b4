"""Commands that need the database call `ready` first; those that do not, start without Django."""

from __future__ import annotations

import os


def ready() -> None:
    """Set Django up in this process, with the language that the command line was given in `QINGMIAO_LANGUAGE`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingmiao.config.settings")
    import django
    from django.conf import settings
    from django.utils import translation

    from qingmiao.locale.compile import compile_catalogues

    compile_catalogues(settings.HOME / "locale")
    django.setup()
    translation.activate(os.environ.get("QINGMIAO_LANGUAGE", "zh-hans"))
