"""Addresses of the archive."""

from django.urls import path

from qingmiao.web.archive import views

app_name = "archive"
urlpatterns = [
    path("", views.home, name="home"),
    path("list.xlsx", views.as_sheet, name="sheet"),
    path("search/", views.search, name="search"),
    path("new/", views.put_in, name="put-in"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/replace/", views.put_in, name="replace"),
]
