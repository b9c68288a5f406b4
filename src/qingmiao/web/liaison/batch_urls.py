"""Addresses of the liaison's batches."""

from django.urls import path

from qingmiao.web.liaison import batches

app_name = "batches"
urlpatterns = [
    path("", batches.batches, name="batches"),
    path("sessions/<int:session_id>/", batches.name, name="name"),
    path("<int:pk>/", batches.change, name="change"),
]
