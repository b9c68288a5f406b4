"""Addresses of figures, head-counts, bulletins and summaries."""

from django.urls import path

from qingmiao.web.reports import coverage, doses, head_count, snapshots, summary, written

app_name = "reports"
urlpatterns = [
    path("", coverage.home, name="home"),
    path("<int:pk>/", coverage.show, name="coverage"),
    path("<int:pk>/people/", coverage.people, name="people"),
    path("<int:pk>/doses/", doses.behind, name="doses"),
    path("<int:pk>/freeze/", coverage.freeze, name="freeze"),
    path("<int:pk>/bulletin/", coverage.bulletin, name="bulletin-of-day"),
    path("<int:pk>/head-count/", head_count.show, name="head-count"),
    path("<int:pk>/head-count/open/", head_count.start, name="head-count-open"),
    path("<int:pk>/head-count/close/", head_count.close, name="head-count-close"),
    path("<int:pk>/head-count/<int:unit>/", head_count.declare, name="declare"),
    path("<int:pk>/summary/", summary.edit, name="summary"),
    path("<int:pk>/report/<slug:code>/", written.edit, name="written"),
    path("<int:pk>/report/<slug:code>/count/", written.compile_now, name="written-count"),
    path("facts/<int:pk>/report.docx", written.download, name="written-word"),
    path("rules/<str:name>/", coverage.rule, name="rule"),
    path("snapshots/<int:pk>/", snapshots.show, name="snapshot"),
    path("snapshots/<int:pk>/people/", snapshots.people, name="snapshot-people"),
    path("snapshots/<int:pk>/bulletin/", snapshots.bulletin, name="bulletin"),
    path("snapshots/<int:pk>/bulletin.docx", snapshots.bulletin_word, name="bulletin-word"),
    path("snapshots/<int:pk>/bulletin.pdf", snapshots.bulletin_pdf, name="bulletin-pdf"),
    path("snapshots/<int:pk>/summary.docx", summary.download, name="summary-word"),
]
