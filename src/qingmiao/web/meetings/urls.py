"""Addresses of meetings, dispatch and supervision."""

from django.urls import path

from qingmiao.web.meetings import supervision, views

app_name = "meetings"
urlpatterns = [
    path("", views.home, name="home"),
    path("of/<int:pk>/new/", views.start, name="start"),
    path("of/<int:pk>/points/", views.points, name="points"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/points/", views.add_point, name="add-point"),
    path("<int:pk>/actions/", views.add_action, name="add-action"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/minutes/", views.minutes, name="minutes"),
    path("<int:pk>/minutes.docx", views.minutes_word, name="minutes-word"),
    path("<int:pk>/bulletin/", views.bulletin, name="bulletin"),
    path("<int:pk>/send/", views.send, name="send"),
    path("sent/", views.sent_to_us, name="sent"),
    path("sent/<int:pk>/seen/", views.seen, name="seen"),
    path("supervision/", supervision.home, name="supervision"),
    path("supervision/of/<int:pk>/<slug:checklist>/", supervision.inspect, name="inspect"),
    path("supervision/visits/<int:pk>/", supervision.inspection, name="inspection"),
    path("supervision/<int:pk>/", supervision.finding, name="finding"),
    path("supervision/<int:pk>/correct/", supervision.correct, name="correct"),
    path("supervision/<int:pk>/close/", supervision.close, name="close-finding"),
    path("supervision/<int:pk>/reopen/", supervision.reopen, name="reopen-finding"),
]
