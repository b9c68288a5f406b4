"""Addresses of death certificates."""

from django.urls import path

from qingmiao.web.surveillance.deaths import lists, views

app_name = "deaths"
urlpatterns = [
    path("", views.home, name="deaths"),
    path("new/", views.new, name="new"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<int:pk>/", lists.compare, name="compare"),
    path("deadlines/", lists.deadlines, name="deadlines"),
    path("<int:pk>/", views.show, name="certificate"),
    path("<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/<str:verb>/", views.act, name="act"),
]
