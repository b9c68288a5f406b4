"""Address of the style page."""

from django.urls import path

from qingmiao.web.style import views

urlpatterns = [
    path("", views.sheet, name="style"),
    path("desk/", views.desk, name="style-desk"),
    path("board/", views.board, name="style-board"),
    path("slip/", views.slip, name="style-slip"),
    path("observation-board/", views.observation_board, name="style-observation-board"),
]
