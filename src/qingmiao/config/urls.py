"""All addresses of the product: one line per desk."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qingmiao.web.urls")),
]
