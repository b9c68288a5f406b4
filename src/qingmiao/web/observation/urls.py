"""Addresses of the observation room."""

from django.urls import path

from qingmiao.web.observation import views

app_name = "observation"
urlpatterns = [
    path("", views.room, name="room"),
    path("<int:pk>/release/", views.act, {"what": "release"}, name="release"),
    path("<int:pk>/left/", views.act, {"what": "gone"}, name="left"),
    path("<int:pk>/back/", views.act, {"what": "back"}, name="back"),
    path("<int:pk>/call-back/", views.gone, name="gone"),
    path("<int:pk>/unwell/", views.unwell, name="unwell"),
    path("<int:pk>/slip/", views.slip, name="slip"),
    path("undo/<int:pk>/", views.undo, name="undo"),
    path("reactions/<int:pk>/", views.reaction, name="reaction"),
    path("ended/", views.ended, name="ended"),
    path("call-backs/", views.call_backs, name="call-backs"),
    path("seats/", views.seats, name="seats"),
    path("units/", views.units, name="units"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/vitals/", views.vitals, name="vitals"),
]
