"""Addresses of the front desk."""

from django.urls import path

from qingmiao.web.front_desk import batches, newcomers, tickets, views

app_name = "front_desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("arrive/<int:pk>/", views.arrive, name="arrive"),
    path("admit/", views.admit, name="admit"),
    path("undo/<int:pk>/", views.undo, name="undo"),
    path("new/", newcomers.newcomer, name="newcomer"),
    path("ticket/<int:pk>/", tickets.ticket, name="ticket"),
    path("ticket/<int:pk>/new/", tickets.new_ticket, name="new-ticket"),
    path("today/", views.day_list, name="list"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/send-back/", batches.send_back, name="send-back"),
    path("batches/<int:pk>/move/", batches.move, name="move-batch"),
    path("batches/<int:pk>/call/", batches.call, name="call"),
]
