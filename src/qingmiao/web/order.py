"""Sorting as people here expect: figures by value, then Latin, then 汉字 by pinyin and tone.

Names of persons are sorted by the pinyin kept with them, which knows surnames; this is for places, units and products.
"""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SortKey = tuple[tuple[str, ...], str]

_FIGURES = re.compile(r"\d+")
_LONGEST_FIGURE = 12


@lru_cache(maxsize=20_000)
def by_pinyin(text: str) -> SortKey:
    """A key for `sorted`: syllable by syllable, so that 陈立 stands before 程安; 2号楼 stands before 10号楼."""
    padded = _FIGURES.sub(lambda found: found[0].zfill(_LONGEST_FIGURE), text.strip().lower())
    return tuple(lazy_pinyin(padded, style=Style.TONE3, neutral_tone_with_five=True, errors=_not_chinese)), text


def _not_chinese(run: str) -> str:
    return f"\0{run}"  # below every syllable
