"""Who may put documents into the archive, and who may read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.archive.models import Document
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

KEEPERS = frozenset({Role.LEADER, Role.OFFICE, Role.SITE_HEAD, Role.CLINIC_DOCTOR, Role.DISEASE_CONTROL})


class DocumentPolicy(Policy[Document]):
    """A document belongs to its unit. These permissions are also asked of an organisation."""

    model = Document
    permissions = {"archive.see": KEEPERS, "archive.keep": KEEPERS}

    def paths(self, record: Document) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)
