"""Addresses of the command room."""

from django.urls import path

from qingmiao.web.command_room import views

app_name = "command_room"
urlpatterns = [
    path("", views.home, name="home"),
    path("wall/", views.wall, name="wall"),
    path("check/", views.check, name="check"),
]
