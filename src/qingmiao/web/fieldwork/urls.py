"""Addresses of the work at the door."""

from django.urls import path

from qingmiao.web.fieldwork import views

app_name = "fieldwork"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.place, name="place"),
    path("<int:pk>/today/", views.today, name="today"),
    path("<int:pk>/today/draw/", views.draw_list, name="draw-list"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/missing/", views.missing, name="missing"),
    path("people/<int:pk>/", views.visit, name="visit"),
    path("people/<int:pk>/first/", views.goes_first, name="goes-first"),
    path("refusals/", views.refusals, name="refusals"),
    path("responsible/", views.responsibilities, name="responsibilities"),
    path("responsible/new/", views.new_responsibility, name="new-responsibility"),
    path("first/", views.forerunners, name="forerunners"),
]
