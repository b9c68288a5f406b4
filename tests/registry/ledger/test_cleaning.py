"""One value, many ways to type it."""

from datetime import date

import pytest

from qingmiao.registry.ledger import vocabulary
from qingmiao.registry.ledger.cleaning import Cleaner, Flawed, Held, Word

CLEANER = Cleaner(vocabulary.national(), date(2021, 4, 10))
DAY = date(2021, 4, 3).toordinal()


@pytest.mark.parametrize(
    "written",
    [
        "2021-04-03",
        "2021-4-3",
        "2021/4/3",
        "2021.4.3",
        "2021年4月3日",
        "20210403",
        20210403,
        44289,
        44289.5,
        "44289",
        "２０２１．４．３",
        "2021/4/3 0:00:00",
        "2021-04-03 08:01",
        " 2021-4-3\u3000",
        "'2021-4-3",
        '="2021-4-3"',
    ],
)
def test_a_day_written_this_way_is_3_april_2021(written):
    assert CLEANER.memo("past_date")[written] == DAY


@pytest.mark.parametrize(
    "written",
    [
        "2021-13-40",
        "2021-2-30",
        "四月三号",
        "4月3日",
        "2021.6",
        "21.4.3",
        "2021年四月",
        "2021/4/",
        "2O21-4-3",
        2021,
        "??",
        "民国110年4月3日",
    ],
)
def test_what_names_no_day_is_unreadable(written):
    assert CLEANER.memo("past_date")[written] == Flawed(None, ("date_unreadable",))


def test_a_day_to_come_is_unused_except_where_it_may_lie_ahead():
    assert CLEANER.memo("past_date")["2021-04-11"] == Flawed(None, ("date_in_future",))
    assert CLEANER.memo("any_date")["2021-04-11"] == DAY + 8
    assert CLEANER.memo("dose_date")["2021-04-11"] == Held("date_in_future", DAY + 8)


def test_words_in_a_dose_column_say_what_happened():
    memo = CLEANER.memo("dose_date")
    assert [memo[w] for w in ("外地已种", "√", "禁忌 ", "拒种", "缓种")] == [
        Word("dose_elsewhere_no_date"),
        Word("dose_tick_no_date"),
        Word("dose_contraindicated"),
        Word("dose_refused"),
        Word("dose_deferred"),
    ]
    assert memo["已打"] == Held("date_unreadable")


@pytest.mark.parametrize("blank", ["", "/", "-", "—", "——", "无", "暂无", "#N/A", "　", "\u200b"])
def test_placeholders_are_blank(blank):
    assert CLEANER.memo("name")[blank] is None
    assert CLEANER.memo("past_date")[blank] is None
    assert CLEANER.memo("phone")[blank] is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张　湉", "张湉"),
        ("张 湉 ", "张湉"),
        ("\u00a0张湉", "张湉"),
        ("巴图•朔宁", "巴图·朔宁"),
        ("巴图‧朔宁", "巴图·朔宁"),
        ("PETROV   IVAN ", "PETROV IVAN"),
        ("万\u4dae", "万\u4dae"),
        ("\U0002b5af", "\U0002b5af"),
        ("张\u200b湉", "张湉"),
    ],
)
def test_names_lose_what_only_lines_them_up(written, name):
    assert CLEANER.memo("name")[written] == name


@pytest.mark.parametrize(
    "written",
    [
        "16412345678",
        "+8616412345678",
        "+86 164 1234 5678",
        "164-1234-5678",
        "0086 16412345678",
        "86-16412345678",
        "１６４１２３４５６７８",
        16412345678,
        "16412345678 ",
    ],
)
def test_a_mobile_number_in_any_dress(written):
    assert CLEANER.memo("phone")[written] == "16412345678"


@pytest.mark.parametrize(
    "written", ["1641234567", "164123456789", "12412345678", "空号", "8812345", "164****5678", "1.64E+10"]
)
def test_what_is_no_phone(written):
    assert CLEANER.memo("phone")[written] == Flawed(None, ("phone_format",))


def test_a_landline_keeps_its_hyphen():
    assert CLEANER.memo("phone")["0459-0123456"] == "0459-0123456"


def test_numbers_are_upper_case_without_inner_space():
    memo = CLEANER.memo("number")
    for written in (
        "23990419690607865x",
        "239904 19690607 865X",
        "'23990419690607865X",
        '="23990419690607865X"',
        "２３９９０４１９６９０６０７８６５Ｘ",
    ):
        assert memo[written].key == "23990419690607865X"


def test_a_number_stored_as_a_quantity_keeps_fifteen_digits():
    found = CLEANER.memo("number")[419902199404095000]
    assert (found.key, found.surviving, found.fault) == (None, "419902199404095", "id_precision_lost")


@pytest.mark.parametrize("written", ["1", "１", "第1剂", "第一针", "1/2"])
def test_the_first_dose_in_any_wording(written):
    assert CLEANER.memo("dose_number")[written] == 1


@pytest.mark.parametrize("written", ["=1+1", "+1+cmd|'", "-2+3", "@SUM(1)", "\t=1+1"])
def test_text_like_a_formula_is_kept_and_reported(written):
    found = CLEANER.memo("free")[written]
    assert found.codes == ("formula_like_text",)
    assert found.value == written.strip() or found.value == written


@pytest.mark.parametrize("written", ["-", "+8616412345678", "-5", "+3.5", '="abc"', "体温-正常+已告知"])
def test_what_only_begins_like_a_formula_is_fine(written):
    assert not isinstance(CLEANER.memo("free")[written], Flawed)


def test_control_characters_are_removed_and_reported():
    assert CLEANER.memo("name")["梁\0晞浔"] == Flawed("梁晞浔", ("control_character",))
    assert CLEANER.memo("free")["第一行\n第二行"] == "第一行\n第二行"


def test_a_formula_gives_its_cached_value():
    assert CLEANER.memo("name")[("f", '="张"&"湉"', "张湉")] == Flawed("张湉", ("formula_cell",))
    assert CLEANER.memo("free")[("f", "=HYPERLINK()", "")] == Flawed(None, ("formula_cell",))
