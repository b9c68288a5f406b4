"""Addresses for families, and of the page on which the clinic reads them."""

from django.urls import path

from qingmiao.web.family import views

app_name = "family"
urlpatterns = [
    path("rate/<str:token>/", views.rate, name="rate"),
    path("complain/<int:site>/", views.complain, name="complain"),
    path("", views.opinions, name="opinions"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/close/", views.close, name="close"),
]
