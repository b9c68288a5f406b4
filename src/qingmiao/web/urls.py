"""Addresses of the screens, grouped by the desk where they are used."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from qingmiao.web import entrance
from qingmiao.web.board import views as boards
from qingmiao.web.middleware import open_to_all
from qingmiao.web.people import views as people
from qingmiao.web.safety import residents
from qingmiao.web.school import views as schools

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("qingmiao.api.v1.urls")),  # asked most often
    path("", entrance.home, name="home"),
    path("desks/", entrance.desks, name="desks"),
    path("sign-in/", entrance.SignIn.as_view(), name="sign-in"),
    path("demo/<str:name>", entrance.demo_file, name="demo-file"),
    path("sign-out/", open_to_all(LogoutView.as_view()), name="sign-out"),
    path("language/", entrance.choose_language, name="language"),
    path("search/", people.search, name="search"),
    path("people/", include("qingmiao.web.people.urls")),
    path("child/", include("qingmiao.web.child.urls")),
    path("outreach/", include("qingmiao.web.outreach.urls")),
    path("school/", include("qingmiao.web.school.urls")),
    path("verify/<str:code>/", schools.verify, name="verify"),
    path("opinions/", include("qingmiao.web.family.urls")),
    path("accounts/", include("qingmiao.web.accounts.urls")),
    path("archive/", include("qingmiao.web.archive.urls")),
    path("training/", include("qingmiao.web.training.urls")),
    path("audit/", include("qingmiao.web.audit_room.urls")),
    path("figures/", include("qingmiao.web.reports.urls")),
    path("forms/", include("qingmiao.web.forms.urls")),
    path("clinic-year/", include("qingmiao.web.clinic_year.urls")),
    path("maps/", include("qingmiao.web.maps.urls")),
    path("command/", include("qingmiao.web.command_room.urls")),
    path("campaigns/", include("qingmiao.web.campaign.urls")),
    path("meetings/", include("qingmiao.web.meetings.urls")),
    path("field/", include("qingmiao.web.fieldwork.urls")),
    path("publicity/", include("qingmiao.web.publicity.urls")),
    path("supplies/", include("qingmiao.web.logistics.urls")),
    path("ledgers/", include("qingmiao.web.liaison.urls")),
    path("batches/", include("qingmiao.web.liaison.batch_urls")),
    path("book/", include("qingmiao.web.booking.urls")),
    path("site-head/", include("qingmiao.web.site_head.urls")),
    path("site/", include("qingmiao.web.front_desk.urls")),
    path("site/consent/", include("qingmiao.web.consent.urls")),
    path("site/screening/", include("qingmiao.web.screening.urls")),
    path("site/injection/", include("qingmiao.web.injection.urls")),
    path("site/observation/", include("qingmiao.web.observation.urls")),
    path("site/corrections/", include("qingmiao.web.corrections.urls")),
    path("site/offline/", include("qingmiao.web.offline.urls")),
    path("stock/", include("qingmiao.web.stock_room.urls")),
    path("board/", include("qingmiao.web.board.urls")),
    path("cards/", include("qingmiao.web.surveillance.card_urls")),
    path("missed-cards/", include("qingmiao.web.surveillance.missed_urls")),
    path("deaths/", include("qingmiao.web.surveillance.deaths.urls")),
    path("village-papers/", include("qingmiao.web.surveillance.villages.urls")),
    path("epidemiology/", include("qingmiao.web.surveillance.epidemiology")),
    path("safety/", include("qingmiao.web.safety.urls")),
    path("s/<str:token>/", boards.slip, name="slip"),
    path("s/<str:token>/unwell/", residents.by_code, name="slip-unwell"),
    path("style/", include("qingmiao.web.style.urls")),
    path("health/", entrance.health, name="health"),
]
