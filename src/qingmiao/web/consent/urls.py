"""Addresses of the consent desk."""

from django.urls import path

from qingmiao.clinic.rules import Step
from qingmiao.web.consent import views
from qingmiao.web.front_desk.queue import queue_urls

app_name = "consent"
urlpatterns = [*queue_urls(Step.CONSENT), path("<int:desk_id>/", views.desk, name="desk")]
