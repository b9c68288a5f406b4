"""The WSGI application that the server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingmiao.config.settings")
application = get_wsgi_application()


def _read_at_start() -> None:
    """Read what no request should wait for, and spare it all later searches for garbage."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    for name in settings.READ_AT_START:
        import_string(name)()
    gc.collect()
    gc.freeze()


_read_at_start()
