"""Calls, messages, opinions of guardians, and checks at school entry."""

from qingmiao.outreach.models.calls import Call, CallHome
from qingmiao.outreach.models.messages import Address, Message
from qingmiao.outreach.models.opinions import Complaint, Rating
from qingmiao.outreach.models.schools import EntryCheck, EntryChild, EntryVerdict

__all__ = [
    "Address",
    "Call",
    "CallHome",
    "Complaint",
    "EntryCheck",
    "EntryChild",
    "EntryVerdict",
    "Message",
    "Rating",
]
