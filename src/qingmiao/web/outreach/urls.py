"""Addresses of outreach."""

from django.urls import path

from qingmiao.web.outreach import calls, lists, messages

app_name = "outreach"
urlpatterns = [
    path("due/", lists.due, name="due"),
    path("due/again/", lists.again, name="again"),
    path("due/catch-up/", lists.catch_up, name="catch-up"),
    path("calls/", calls.desk, name="calls"),
    path("calls/next/", calls.take, name="take"),
    path("calls/<int:home>/said/<int:pk>/", calls.said, name="said"),
    path("calls/<int:home>/done/", calls.done, name="done"),
    path("messages/", messages.log, name="messages"),
    path("messages/send/", messages.send, name="send"),
    path("messages/letters/", messages.letters, name="letters"),
    path("messages/child/<int:pk>/", messages.history, name="history"),
    path("address/<int:pk>/", messages.address, name="address"),
]
