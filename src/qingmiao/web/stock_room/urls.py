"""Addresses of the stock room."""

from django.urls import path

from qingmiao.web.stock_room import fees, fridges, lots, months, recalls

app_name = "stock_room"
urlpatterns = [
    path("", lots.home, name="home"),
    path("delivery/", lots.delivery, name="delivery"),
    path("lots/<int:pk>/", lots.lot, name="lot"),
    path("lots/<int:pk>/move/", lots.move, name="move"),
    path("lots/<int:pk>/hold/", lots.hold, name="hold"),
    path("lots/<int:pk>/vial/", lots.vial, name="vial"),
    path("vials/<int:pk>/close/", lots.close_open_vial, name="close-vial"),
    path("lots/<int:pk>/recall/", recalls.recall, name="recall"),
    path("lots/<int:pk>/recall/letters/", recalls.letters, name="letters"),
    path("close/", months.close, name="close"),
    path("month/", months.month, name="month"),
    path("fridges/", fridges.fridges, name="fridges"),
    path("fridges/<int:pk>/", fridges.fridge, name="fridge"),
    path("fridges/<int:pk>/read/", fridges.read, name="read"),
    path("fridges/<int:pk>/logger/", fridges.logger, name="logger"),
    path("breaches/<int:pk>/", fridges.breach, name="breach"),
    path("fees/", fees.fees, name="fees"),
    path("fees/<int:pk>/refund/", fees.refund, name="refund"),
]
