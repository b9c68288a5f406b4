"""Addresses of the screens, grouped by the desk where they are used."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from qingmiao.web import entrance

urlpatterns: list[URLPattern | URLResolver] = [
    path("", entrance.home, name="home"),
    path("sign-in/", entrance.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", entrance.choose_language, name="language"),
    path("style/", include("qingmiao.web.style.urls")),
    path("health/", entrance.health, name="health"),
]
