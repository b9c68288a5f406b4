"""Addresses of the screening desk."""

from django.urls import path

from qingmiao.clinic.rules import Step
from qingmiao.web.front_desk.queue import queue_urls
from qingmiao.web.screening import register, views

app_name = "screening"
urlpatterns = [
    path("overrides/", register.register, name="overrides"),
    *queue_urls(Step.SCREENING),
    path("<int:desk_id>/", views.desk, name="desk"),
]
