"""Addresses of version 1."""

from django.urls import path

from qingmiao.api.v1 import sync

app_name = "api-v1"
urlpatterns = [
    path("day/", sync.day, name="day"),
    path("tablets/", sync.enrol, name="enrol"),
    path("tablets/<uuid:pk>/key/", sync.key, name="tablet-key"),
    path("sync/", sync.send, name="sync"),
]
