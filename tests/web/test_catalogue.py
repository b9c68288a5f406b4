"""No string is missing in Chinese, and both catalogues compile without system tools."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from qingmiao.locale.catalogue import Message, merged, read_po, to_mo, write_po
from qingmiao.locale.compile import compile_catalogues
from qingmiao.locale.extract import faults, found_messages


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], Message]:
    return found_messages()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_catalogue_is_complete(found: dict[tuple[str, str], Message], language: str) -> None:
    """When this fails: make messages, translate what it lists, make check."""
    assert faults(language, found) == []


def test_strings_are_found_in_code_and_templates(found: dict[tuple[str, str], Message]) -> None:
    assert "web/status.py" in found["", "Contraindicated"].files
    assert "web/templates/base.html" in found["", "My desks"].files
    assert found["", "%(waiting)s waiting"].plural == "%(waiting)s waiting"


def test_a_template_with_quotes_and_indents_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text(
        "{% load i18n %}\n  <p title='a \"b'>\n      {% translate 'He said \"no\"' %}\n"
        " {% blocktranslate count n=n %}one{% plural %}{{ n }} of them{% endblocktranslate %}\n"
    )
    assert {key[1] for key in found_messages(tmp_path)} == {'He said "no"', "one"}


MESSAGES = [
    Message("One", strings=("一",), files=("a.py",)),
    Message("%(n)s dose", "%(n)s doses", strings=("%(n)s剂",)),
    Message('say "x"\nthen\\stop', strings=("说“x”\n再停",)),
    Message("Open", context="button", strings=("打开",)),
    Message("Open", strings=("",)),
    Message("Doubtful", strings=("也许",), is_fuzzy=True),
]


def test_a_written_catalogue_reads_back_the_same() -> None:
    again = read_po(write_po("zh_Hans", MESSAGES))
    assert again == {message.key: message for message in MESSAGES}


def test_compiled_words_are_the_written_ones(tmp_path: Path) -> None:
    mo = tmp_path / "django.mo"
    mo.write_bytes(to_mo("zh_Hans", MESSAGES))
    with mo.open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("One") == "一"
    assert words.ngettext("%(n)s dose", "%(n)s doses", 2) == "%(n)s剂"
    assert words.gettext('say "x"\nthen\\stop') == "说“x”\n再停"
    assert words.pgettext("button", "Open") == "打开"
    assert words.gettext("Open") == "Open"
    assert words.gettext("Doubtful") == "Doubtful"


def test_translations_survive_and_lost_strings_become_obsolete() -> None:
    known = {message.key: message for message in MESSAGES}
    after = merged(known, [Message("One", files=("b.py",)), Message("Two")])
    assert after["", "One"].strings == ("一",)
    assert after["", "Two"].strings == ()
    assert after["button", "Open"].is_obsolete


def test_compiling_again_writes_nothing_until_a_word_changes(tmp_path: Path) -> None:
    source, target = tmp_path / "po", tmp_path / "mo"
    po = source / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(write_po("zh_Hans", MESSAGES), encoding="utf-8")
    assert compile_catalogues(target, source) == [target / "zh_Hans" / "LC_MESSAGES" / "django.mo"]
    assert compile_catalogues(target, source) == []
    po.write_text(write_po("zh_Hans", MESSAGES[:2]), encoding="utf-8")
    assert len(compile_catalogues(target, source)) == 1
