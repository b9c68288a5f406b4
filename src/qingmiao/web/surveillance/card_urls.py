"""Addresses of report cards."""

from django.urls import path

from qingmiao.web.surveillance import card_acts, card_file, cards

app_name = "cards"
urlpatterns = [
    path("", cards.home, name="cards"),
    path("new/", cards.new, name="new"),
    path("file/", card_file.export, name="export"),
    path("zero/<str:kind>/", cards.zero, name="zero"),
    path("signs/<int:pk>/", cards.sign, name="sign"),
    path("<int:pk>/", cards.show, name="card"),
    path("<int:pk>/write/", cards.write, name="write"),
    path("<int:pk>/check/", cards.check, name="check"),
    path("<int:pk>/<str:verb>/", card_acts.act, name="act"),
]
