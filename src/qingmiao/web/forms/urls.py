"""Addresses of the statutory forms."""

from django.urls import path

from qingmiao.web.forms import behind, views

app_name = "forms"
urlpatterns = [
    path("", views.home, name="home"),
    path("of/<int:unit>/open/", views.start, name="open"),
    path("<int:pk>/", views.show, name="form"),
    path("<int:pk>/count/", views.count, name="count"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/amend/", views.amend, name="amend"),
    path("<int:pk>/behind/", behind.cell, name="cell"),
    path("<int:pk>/form.xlsx", views.sheet, name="xlsx"),
    path("<int:pk>/form.pdf", views.pdf, name="pdf"),
]
