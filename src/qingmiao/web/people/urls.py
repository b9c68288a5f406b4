"""Addresses of the search and of one person's page."""

from django.urls import path

from qingmiao.web.people import views

app_name = "people"
urlpatterns = [
    path("<int:pk>/", views.show, name="person"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/number/<int:identifier>/", views.reveal, name="reveal"),
]
