"""Addresses of adverse reactions and the green channel."""

from django.urls import path

from qingmiao.web.safety import cases, green, home, residents

app_name = "safety"
urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", home.cases, name="cases"),
    path("cases.xlsx", home.cases_xlsx, name="cases-xlsx"),
    path("signals/", home.signals_page, name="signals"),
    path("doses/<int:pk>/report/", cases.open_page, name="open"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/act/", cases.act, name="act"),
    path("cases/<int:pk>/form/", cases.form, name="form"),
    path("cases/<int:pk>/form.pdf", cases.form_pdf, name="form-pdf"),
    path("residents/", residents.worklist, name="residents"),
    path("residents/<int:pk>/", residents.answer, name="resident"),
    path("doses/<int:pk>/emergency/", green.emergency, name="emergency"),
    path("doses/<int:pk>/alarm/", green.alarm, name="alarm"),
    path("rescues/<int:pk>/", green.rescue, name="rescue"),
    path("rescues/<int:pk>/transfer/", green.transfer, name="transfer"),
    path("green/", green.channel, name="green"),
    path("green/hospital/", green.hospital, name="hospital"),
    path("green/kit/", green.kit_page, name="kit"),
    path("green/drills/", green.drills, name="drills"),
    path("green/drills/<int:pk>/", green.drill, name="drill"),
]
