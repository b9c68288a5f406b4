"""Addresses of the work at the door."""

from django.urls import path

from qingmiao.web.fieldwork import lists, views

app_name = "fieldwork"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.place, name="place"),
    path("<int:pk>/today/", views.today, name="today"),
    path("<int:pk>/today/draw/", views.draw_list, name="draw-list"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/missing/", lists.missing, name="missing"),
    path("people/<int:pk>/", views.visit, name="visit"),
    path("people/<int:pk>/first/", views.goes_first, name="goes-first"),
    path("refusals/", lists.refusals, name="refusals"),
    path("responsible/", lists.responsibilities, name="responsibilities"),
    path("responsible/new/", lists.new_responsibility, name="new-responsibility"),
    path("first/", lists.forerunners, name="forerunners"),
]
