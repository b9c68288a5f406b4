"""Addresses of tablets, sheets, and of what they sent."""

from django.urls import path

from qingmiao.web.offline import sendings, sheets, tablet

app_name = "offline"
urlpatterns = [
    path("", tablet.page, name="tablet"),
    path("worker.js", tablet.worker, name="worker"),
    path("sendings/", sendings.sendings, name="sendings"),
    path("sendings/<uuid:pk>/settle/", sendings.settle, name="settle"),
    path("sendings/<uuid:pk>/record/", sendings.record, name="record"),
    path("sheet.xlsx", sheets.out, name="sheet"),
    path("sheet/", sheets.take_in_sheet, name="sheet-in"),
]
