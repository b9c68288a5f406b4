"""Addresses of the correction desk."""

from django.urls import path

from qingmiao.web.corrections import findings, views

app_name = "corrections"
urlpatterns = [
    path("", views.home, name="home"),
    path("doses/<int:pk>/", views.dose, name="dose"),
    path("doses/<int:pk>/<slug:kind>/", views.propose, name="propose"),
    path("<int:pk>/", views.decide, name="decide"),
    path("findings/", findings.worklist, name="findings"),
    path("findings/judge/", findings.judge, name="judge"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
]
