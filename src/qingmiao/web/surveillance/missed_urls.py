"""Addresses of the audit of missed cards."""

from django.urls import path

from qingmiao.web.surveillance import missed, missed_sheets

app_name = "missed"
urlpatterns = [
    path("", missed.home, name="audits"),
    path("mine/", missed.mine, name="mine"),
    path("rewards/", missed_sheets.rewards, name="rewards"),
    path("rewards/<int:pk>/", missed_sheets.in_force, name="in-force"),
    path("<int:pk>/", missed.audit, name="audit"),
    path("<int:pk>/register/", missed.take_in, name="take-in"),
    path("<int:pk>/examine/", missed.examine, name="examine"),
    path("<int:pk>/columns/<int:register>/", missed.columns, name="columns"),
    path("<int:pk>/cases/<int:case>/", missed.case, name="case"),
    path("<int:pk>/sheet/", missed_sheets.sheet, name="sheet"),
    path("<int:pk>/sheet/sign/", missed_sheets.sign, name="sign"),
    path("<int:pk>/sheet/object/", missed_sheets.objection, name="object"),
    path("<int:pk>/sheet/decide/<int:number>/", missed_sheets.decide, name="decide"),
]
