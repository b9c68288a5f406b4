"""Addresses of supplies."""

from django.urls import path

from qingmiao.web.logistics import views

app_name = "logistics"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.ask, name="ask"),
    path("<int:pk>/", views.need, name="need"),
    path("<int:pk>/deliver/", views.deliver, name="deliver"),
    path("<int:pk>/take-back/", views.take_back, name="take-back"),
]
