"""Addresses of the injection desk."""

from django.urls import path

from qingmiao.clinic.rules import Step
from qingmiao.web.front_desk.queue import queue_urls
from qingmiao.web.injection import views

app_name = "injection"
urlpatterns = [
    *queue_urls(Step.INJECTION),
    path("<int:desk_id>/", views.desk, name="desk"),
    path("<int:desk_id>/vial/", views.vial, name="vial"),
    path("<int:desk_id>/given/", views.given, name="given"),
    path("<int:desk_id>/withdraw/<int:pk>/", views.withdraw, name="withdraw"),
]
