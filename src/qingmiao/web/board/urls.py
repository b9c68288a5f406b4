"""Addresses of the wall boards."""

from django.urls import path

from qingmiao.web.board import views

app_name = "board"
urlpatterns = [
    path("<int:site_id>/", views.site, name="site"),
    path("<int:site_id>/area/<int:area_id>/", views.site, name="area"),
    path("<int:site_id>/observation/", views.observation, name="observation"),
]
