"""Addresses of training."""

from django.urls import path

from qingmiao.web.training import views

app_name = "training"
urlpatterns = [
    path("", views.home, name="home"),
    path("certificates.xlsx", views.standings_list, name="standings"),
    path("new/", views.new_session, name="new-session"),
    path("<int:pk>/", views.session, name="session"),
    path("<int:pk>/attendance/", views.attendance, name="attendance"),
    path("<int:pk>/material/", views.material, name="material"),
    path("material/<int:pk>/", views.material_file, name="material-file"),
    path("test/", views.start, name="start-test"),
    path("test/<int:pk>/", views.test, name="test"),
    path("certificate/<int:pk>/", views.certificate, name="certificate"),
]
