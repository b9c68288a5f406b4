"""Addresses of booking."""

from django.urls import path

from qingmiao.web.booking import residents, staff

app_name = "booking"
urlpatterns = [
    path("", residents.times, name="times"),
    path("find/", residents.find, name="find"),
    path("<int:period_id>/", residents.book_time, name="book"),
    path("mine/<str:token>/cancel/", residents.cancel, name="cancel"),
    path("desk/<int:period_id>/", staff.book_for, name="staff"),
    path("desk/<int:pk>/cancel/", staff.cancel, name="staff-cancel"),
]
