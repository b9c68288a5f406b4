"""Addresses of village doctors' papers."""

from django.urls import path

from qingmiao.web.surveillance.villages import views

app_name = "villages"
urlpatterns = [
    path("", views.home, name="month"),
    path("<int:pk>/", views.year, name="year"),
    path("<int:pk>/remind/", views.remind, name="remind"),
    path("<int:pk>/<str:form>/<int:year>/<int:month>/", views.paper, name="paper"),
    path("<int:pk>/<str:form>/<int:year>/<int:month>/scan/", views.scan, name="scan"),
]
