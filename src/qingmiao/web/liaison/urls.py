"""Addresses of ledger imports."""

from django.urls import path

from qingmiao.web.liaison import imports, merging, rosters

app_name = "liaison"
urlpatterns = [
    path("", imports.imports, name="imports"),
    path("check/", rosters.check, name="check"),
    path("people/<int:pk>/merge/", merging.merge, name="merge"),
    path("people/<int:pk>/merge/<int:merge>/split/", merging.split, name="split"),
    path("<int:pk>/", imports.review, name="review"),
    path("<int:pk>/approve/", imports.approve, name="approve"),
    path("<int:pk>/undo/", imports.undo, name="undo"),
    path("<int:pk>/drop/", imports.drop, name="drop"),
    path("<int:pk>/accept/", imports.accept, name="accept"),
    path("<int:pk>/columns/", imports.columns, name="columns"),
    path("<int:pk>/problems.xlsx", imports.problem_sheet, name="problem-sheet"),
    path("<int:pk>/rows/<int:row>/answer/", imports.answer, name="answer"),
    path("<int:pk>/rows/<int:row>/retype/", imports.retype, name="retype"),
]
