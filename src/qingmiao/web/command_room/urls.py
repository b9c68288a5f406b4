"""Addresses of the command room."""

from django.urls import path

from qingmiao.web.command_room import views

app_name = "command_room"
urlpatterns = [path("", views.home, name="home")]
