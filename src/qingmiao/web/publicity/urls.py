"""Addresses of publicity and opinion."""

from django.urls import path

from qingmiao.web.publicity import views

app_name = "publicity"
urlpatterns = [
    path("", views.home, name="home"),
    path("activities/new/", views.new_activity, name="new-activity"),
    path("materials/", views.materials, name="materials"),
    path("materials/new/", views.new_material, name="new-material"),
    path("materials/<int:pk>/", views.material, name="material"),
    path("materials/<int:pk>/approve/", views.approve_material, name="approve-material"),
    path("materials/<int:pk>/withdraw/", views.withdraw_material, name="withdraw-material"),
    path("questions/", views.questions, name="questions"),
    path("questions/new/", views.new_question, name="new-question"),
    path("questions/<int:pk>/approve/", views.approve_question, name="approve-question"),
    path("questions/<int:pk>/heard/", views.heard, name="heard"),
    path("rumours/", views.rumours, name="rumours"),
    path("rumours/new/", views.new_rumour, name="new-rumour"),
    path("rumours/<int:pk>/", views.rumour, name="rumour"),
    path("rumours/<int:pk>/draft/", views.draft, name="draft"),
    path("rumours/<int:pk>/approve/", views.approve, name="approve"),
    path("rumours/<int:pk>/answered/", views.answered, name="answered"),
    path("rumours/<int:pk>/close/", views.close, name="close"),
]
