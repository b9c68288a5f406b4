"""Sorting as people here expect: by pinyin, tones last, Latin and figures before 汉字."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SortKey = tuple[tuple[str, ...], str]


@lru_cache(maxsize=20_000)
def by_pinyin(text: str) -> SortKey:
    """A key for `sorted`: syllables one by one, so 张三 comes before 章一 only when its sounds do."""
    return tuple(lazy_pinyin(text.lower(), style=Style.TONE3, neutral_tone_with_five=True)), text
