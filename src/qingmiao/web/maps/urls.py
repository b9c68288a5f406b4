"""Addresses of the map."""

from django.urls import path

from qingmiao.web.maps import views

app_name = "maps"
urlpatterns = [path("<int:pk>/", views.draw, name="draw")]
