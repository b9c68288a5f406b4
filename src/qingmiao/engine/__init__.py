"""The schedule engine: what is valid, what is due, what is allowed, and why.

No Django, no clock, no rows: columns in, columns out.

    from qingmiao.engine import Ruleset, assess
    found = assess(Ruleset.named("cn"), people, doses, on=date(2026, 9, 1))
    found.groups  # an Arrow table
"""

from qingmiao.engine.assess import Assessment, assess
from qingmiao.engine.columns import MissingColumn
from qingmiao.engine.rulesets import Ruleset, UnknownRuleset

__all__ = ["Assessment", "MissingColumn", "Ruleset", "UnknownRuleset", "assess"]
