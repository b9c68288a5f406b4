"""Addresses of entry checks."""

from django.urls import path

from qingmiao.web.school import views

app_name = "school"
urlpatterns = [
    path("", views.classes, name="classes"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.show, name="class"),
    path("<int:pk>/judge/", views.judge, name="judge"),
    path("<int:pk>/certificates/", views.certificates, name="certificates"),
    path("<int:pk>/notices/", views.notices_page, name="notices"),
]
