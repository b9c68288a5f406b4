"""Address of the audit trail."""

from django.urls import path

from qingmiao.web.audit_room import views

app_name = "audit"
urlpatterns = [path("", views.trail, name="trail")]
