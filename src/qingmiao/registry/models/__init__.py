"""The registry: who lives and works here, by which numbers they are known, and the doses they have had."""

from qingmiao.registry.models.back_entries import BackEntry
from qingmiao.registry.models.doses import Dose
from qingmiao.registry.models.facts import Fact
from qingmiao.registry.models.imports import (
    LearnedHeader,
    LedgerChange,
    LedgerDecision,
    LedgerFile,
    LedgerImport,
    LedgerRow,
    LedgerWritten,
    Merge,
)
from qingmiao.registry.models.management import Management
from qingmiao.registry.models.people import (
    Guardian,
    Identifier,
    KeyGroup,
    KeyGroupMembership,
    Person,
    Phone,
    UnitMembership,
)

__all__ = [
    "BackEntry",
    "Dose",
    "Fact",
    "Guardian",
    "Identifier",
    "KeyGroup",
    "KeyGroupMembership",
    "LearnedHeader",
    "LedgerChange",
    "LedgerDecision",
    "LedgerFile",
    "LedgerImport",
    "LedgerRow",
    "LedgerWritten",
    "Management",
    "Merge",
    "Person",
    "Phone",
    "UnitMembership",
]
