"""Addresses of a child's record."""

from django.urls import path

from qingmiao.web.child import booklet, views, writing

app_name = "child"
urlpatterns = [
    path("", views.find, name="find"),
    path("new/", writing.new, name="new"),
    path("<int:pk>/", views.show, name="record"),
    path("<int:pk>/booklet/", booklet.show, name="booklet"),
    path("<int:pk>/next/", booklet.next_dates, name="next"),
    path("<int:pk>/old-dose/", writing.old_dose, name="old-dose"),
    path("<int:pk>/management/", writing.manage, name="manage"),
    path("<int:pk>/facts/", writing.facts, name="facts"),
]
