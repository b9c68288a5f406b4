"""Addresses of the clinic's year."""

from django.urls import path

from qingmiao.web.clinic_year import cohort, views

app_name = "clinic_year"
urlpatterns = [
    path("", views.year, name="year"),
    path("cohort/<int:pk>/<int:row>/<int:age>/", cohort.cohort, name="cohort"),
]
