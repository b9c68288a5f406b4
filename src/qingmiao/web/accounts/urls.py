"""Addresses of accounts and roles."""

from django.urls import path

from qingmiao.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("password/", views.own_password, name="own-password"),
    path("new/", views.open_new, name="open"),
    path("<int:pk>/", views.account, name="account"),
    path("<int:pk>/role/", views.give_role, name="give-role"),
    path("<int:pk>/first-password/", views.new_first_password, name="first-password"),
    path("<int:pk>/close/", views.close, name="close"),
    path("role/<int:pk>/end/", views.end_role, name="end-role"),
]
