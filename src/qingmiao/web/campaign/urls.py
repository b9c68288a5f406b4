"""Addresses of the campaign."""

from django.urls import path

from qingmiao.web.campaign import plan, tasks, views

app_name = "campaign"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.start, name="start"),
    path("mine/", tasks.mine, name="mine"),
    path("<int:pk>/", views.organisation, name="organisation"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/groups/new/", views.new_group, name="new-group"),
    path("groups/<int:pk>/change/", views.change_group, name="change-group"),
    path("groups/<int:pk>/duties/new/", views.new_duty, name="new-duty"),
    path("duties/<int:pk>/", views.duty, name="duty"),
    path("duties/<int:pk>/change/", views.change_duty, name="change-duty"),
    path("duties/<int:pk>/hand-over/", views.hand_over, name="hand-over"),
    path("<int:pk>/members/new/", views.new_member, name="new-member"),
    path("members/<int:pk>/end/", views.end_member, name="end-member"),
    path("<int:pk>/on-call/", views.roster, name="roster"),
    path("<int:pk>/on-call/new/", views.new_watch, name="new-watch"),
    path("on-call/<int:pk>/off/", views.take_off, name="take-off"),
    path("<int:pk>/tasks/", tasks.tasks, name="tasks"),
    path("<int:pk>/tasks/new/", tasks.give, name="give-task"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/report/", tasks.report, name="report-task"),
    path("tasks/<int:pk>/accept/", tasks.accept, name="accept-task"),
    path("tasks/<int:pk>/send-back/", tasks.send_back, name="send-back-task"),
    path("tasks/<int:pk>/move/", tasks.move, name="move-task"),
    path("tasks/<int:pk>/drop/", tasks.drop, name="drop-task"),
    path("<int:pk>/plan/", plan.plan, name="plan"),
    path("<int:pk>/plan/target/", plan.set_target, name="set-target"),
    path("<int:pk>/plan/targets/", plan.history, name="targets"),
    path("<int:pk>/plan/strength/", plan.set_strength, name="set-strength"),
    path("<int:pk>/plan/days/", plan.plan_days, name="plan-days"),
    path("<int:pk>/plan/phase/", plan.add_phase, name="add-phase"),
    path("pictures/<int:pk>/", views.picture, name="picture"),
]
