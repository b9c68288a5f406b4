"""Address of the clinic's year."""

from django.urls import path

from qingmiao.web.clinic_year import views

app_name = "clinic_year"
urlpatterns = [path("", views.year, name="year")]
