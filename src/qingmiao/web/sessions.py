"""Sessions in the database, as Django keeps them; the read of every request is a prepared query."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session as SignedIn
from django.utils import timezone

from qingmiao.audit.statements import Prepared, Slot

_session = Prepared(lambda: SignedIn.objects.filter(session_key__is=Slot("key")))


class SessionStore(db.SessionStore):
    """Django's store of sessions: same table, same content."""

    def _get_session_from_db(self) -> SignedIn | None:
        found = _session.first(key=self.session_key)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
