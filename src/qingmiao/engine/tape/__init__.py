"""Encoding: where a ruleset's words become the numbers the kernel reads.

`encode` refuses what it does not know: a vaccine, antigen, observation or ledger that a rule names
and the ruleset does not define raises `UnknownWord`. Encoding is deterministic: same ruleset, same tape.
"""

from qingmiao.engine.tape.cells import UnknownWord
from qingmiao.engine.tape.record import Tape
from qingmiao.engine.tape.ruleset import encode

__all__ = ["Tape", "UnknownWord", "encode"]
