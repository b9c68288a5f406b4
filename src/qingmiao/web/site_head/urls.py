"""Addresses of the head of the site."""

from django.urls import path

from qingmiao.web.site_head import day as days
from qingmiao.web.site_head import desks, sessions

app_name = "site_head"
urlpatterns = [
    path("", days.today, name="day"),
    path("close/", days.close, name="close"),
    path("week/", sessions.week, name="week"),
    path("sessions/new/", sessions.plan, name="plan"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/periods/", sessions.periods, name="periods"),
    path("sessions/<int:pk>/fallen/", sessions.fallen, name="fallen"),
    path("desks/", desks.desks, name="desks"),
    path("desks/<int:desk_id>/", desks.put, name="put-desk"),
]
