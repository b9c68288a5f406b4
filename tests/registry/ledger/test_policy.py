"""The policy, rule by rule: what a row becomes, and who it is."""

from datetime import date

A, B = "239901197108164882", "23990419690607865X"


def test_a_row_is_rejected_only_if_nothing_tells_who_it_is(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话 | 出生日期
        张湉 | {A} | |
        | {B} | |
        李一 | | 16412345678 |
        王二 | | | 1990-01-02
        小赵 | | |
        | | 16412345679 | 1990-01-02
        孙三 | 2.39901E+17 | |
    """)
    totals = found.of()["totals"]
    assert (totals["rows_read"], totals["rows_rejected"], totals["people_created"]) == (7, 3, 4)
    assert [row for row, _, code in found.codes() if code == "unidentifiable"] == [6, 7, 8]


def test_titles_blank_rows_totals_notes_and_repeated_headers_are_skipped_and_told(plan):
    found = plan(f"""
        宁川市摸底表 | | |
        序号 | 姓名 | 身份证号 | 联系电话
        1 | 张湉 | {A} | 16412345678
        | | |
        序号 | 姓名 | 身份证号 | 联系电话
        2 | 李一 | {B} | 16412345679
        合　计 | 2人 | |
        注：共两人 | | |
        | | |
    """)
    assert found.codes() == [
        (4, None, "blank_row_skipped"),
        (5, None, "header_row_repeated_skipped"),
        (7, None, "total_row_skipped"),
        (8, None, "note_row_skipped"),
    ]
    assert found.of()["totals"]["rows_skipped"] == 4


def test_one_name_alone_under_the_name_column_is_a_person_without_anything_else(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678
        李一 | |
    """)
    assert found.of()["rows"][1]["outcome"] == "rejected"


def test_an_unknown_column_is_told_once_and_kept(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话 | 内部编号
        张湉 | {A} | 16412345678 | NB1
    """)
    assert found.codes() == [(1, "内部编号", "unknown_column")]
    assert found.of()["rows"][0]["raw"]["内部编号"] == "NB1"


def test_a_value_beyond_the_header_is_not_lost(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678 | 夜班
    """)
    assert found.codes() == [(1, None, "unknown_column")]
    assert found.of()["rows"][0]["raw"]["D"] == "夜班"


def test_the_number_wins_over_stated_birth_and_sex(plan):
    found = plan(f"""
        姓名 | 身份证号 | 性别 | 出生日期
        张湉 | {A} | 男 | 1971-08-17
    """)
    assert found.codes() == [(2, "出生日期", "id_birth_mismatch"), (2, "性别", "id_sex_mismatch")]
    assert found.clean(2, "birth") == "1971-08-16"
    assert found.clean(2, "sex") == 2


def test_a_minor_needs_a_guardian_also_where_the_sheet_has_no_such_column(plan):
    found = plan("""
        姓名 | 出生日期 | 联系电话
        小满 | 2003-04-10 | 16412345678
        小寒 | 2003-04-11 | 16412345679
    """)
    assert [c for c in found.codes() if c[2] != "missing_id"] == [(3, None, "minor_without_guardian")]


def test_same_number_is_one_person_and_later_rows_are_told(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678
        张湉 | {A.lower()} |
    """)
    assert found.people() == ["P1", "P1"]
    assert found.codes() == [(3, None, "duplicate_in_file")]


def test_one_character_apart_is_a_slip_and_merges(plan):
    found = plan(f"""
        姓名 | 身份证号 | 性别
        张湉雨 | {A} | 女
        张恬雨 | {A} | 女
    """)
    assert found.people() == ["P1", "P1"]
    assert (3, "姓名", "same_id_different_name") in found.codes()


def test_another_name_under_the_number_is_another_person_without_it(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678
        李一鸣 | {A} | 16412345679
        张田 | {A} | 16412345670
    """)
    assert found.people() == ["P1", "P2", "P3"]
    assert [c for _, _, c in found.codes()] == ["same_id_different_name"] * 2


def test_a_slip_is_no_slip_when_sex_or_birth_contradict(plan):
    found = plan("""
        姓名 | 身份证号 | 出生日期
        张湉雨 | PA1234567 | 1980-01-01
        张恬雨 | PA1234567 | 1980-01-02
    """)
    assert found.people() == ["P1", "P2"]


def test_a_poorer_row_joins_on_name_and_phone_whichever_comes_first(plan):
    for first, second in ((A, ""), ("", A), (A, "2.39901E+17"), ("2.39901E+17", A)):
        found = plan(f"""
            姓名 | 身份证号 | 联系电话
            张湉 | {first} | 16412345678
            张湉 | {second} | 16412345678
            李一 | {A} |
        """)
        assert found.people()[:2] == ["P1", "P1"], (first, second)
        assert (4, "姓名", "same_id_different_name") in found.codes()


def test_surviving_digits_of_another_number_keep_two_apart(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678
        张湉 | 2.29901E+17 | 16412345678
    """)
    assert found.people() == ["P1", "P2"]


def test_two_who_fit_are_no_match(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678
        张湉 | {B} | 16412345678
        张湉 | | 16412345678
    """)
    assert found.people() == ["P1", "P2", "P3"]


def test_a_name_alone_never_matches(plan):
    found = plan(f"""
        姓名 | 身份证号 | 联系电话
        张湉 | {A} | 16412345678
        张湉 | {B} | 16412345679
    """)
    assert found.people() == ["P1", "P2"]
    assert found.codes() == [(3, "姓名", "same_name_different_id")]


CHILD = "儿童编码 | 姓名 | 性别 | 出生日期 | 身份证号 | 出生证号 | 监护人 | 联系电话 | 乙肝1 | 乙肝2 | 春苗9"


def test_children_join_on_code_certificate_or_all_four_facts(plan):
    found = plan(f"""
        {CHILD}
        1001 | 小满 | 男 | 2020-01-01 | | P123456789 | 张湉 | | | |
        1001 | 小满 | 男 | 2020-01-01 | | | 张湉 | | | |
        1002 | 小满 | 男 | 2020-01-01 | | P123456789 | 张湉 | | | |
        1003 | 小满 | 男 | 2020-01-01 | | | 张湉 | | | |
        1004 | 小满 | 男 | 2020-01-01 | | P999999999 | 张湉 | | | |
    """)
    assert found.people() == ["P1", "P1", "P1", "P1", "P2"]


def test_twins_stay_two(plan):
    found = plan(f"""
        {CHILD}
        1001 | 小满 | 男 | 2020-01-01 | | P123456789 | 张湉 | 16412345678 | | |
        1002 | 小寒 | 男 | 2020-01-01 | | P123456780 | 张湉 | 16412345678 | | |
    """)
    assert found.people() == ["P1", "P2"]


def test_a_date_under_an_unknown_vaccine_is_held_and_told(plan):
    found = plan(f"""
        {CHILD}
        1001 | 小满 | 男 | 2020-01-01 | | P123456789 | 张湉 | | 2020-01-01 | 2020-02-03 | 2020-05-05
    """)
    assert found.codes() == [(1, "春苗9", "unknown_column"), (2, "春苗9", "unknown_vaccine")]
    assert found.of()["totals"]["dose_cells_counted"] == 2
    assert found.of()["totals"]["dose_cells_held"] == 1


STREET = """姓名 | 身份证号 | 联系电话 | 第一针日期 | 第一针厂家 | 第一针批号 | 第一针接种点 \
    | 第二针日期 | 第二针批号 | 未种原因"""


def test_doses_are_held_or_counted_and_said_so(plan):
    found = plan(f"""
        {STREET}
        甲一 | {A} | | 2021-03-01 | 北京生物 | L1 | | 2021-03-29 | L2 |
        乙二 | {B} | | 2021-03-29 | 国药 | L1 | 方舱 | 2021-03-01 | |
        丙三 | | 16412345671 | 2021-03-01 | | L1 | | 2021-03-01 | L2 |
        丁四 | | 16412345672 | | | | | 2021-03-01 | L2 | 拒种
        戊五 | | 16412345673 | 1960-01-01 | | L1 | | 2121-03-01 | L2 |
        己六 | | 16412345674 | 拒种 | | | | | |
    """)
    assert [c for c in found.codes() if c[2] != "missing_id"] == [
        (3, "第二针日期", "dose_order"),
        (3, "第二针批号", "lot_missing"),
        (3, "第一针厂家", "unknown_manufacturer"),
        (3, "第一针接种点", "unknown_unit"),
        (4, "第二针日期", "dose_same_day"),
        (5, "第二针日期", "dose_skipped"),
        (5, "未种原因", "reason_conflict"),
        (6, "第二针日期", "date_in_future"),
        (7, "第一针日期", "dose_refused"),
    ]
    totals = found.of()["totals"]
    assert (totals["dose_cells_counted"], totals["dose_cells_held"], totals["dose_cells_not_given"]) == (7, 2, 1)


def test_a_dose_before_birth_is_held(plan):
    found = plan(f"""
        {STREET}
        甲一 | {A} | | 1970-03-01 | 北京生物 | L1 | | | |
    """)
    assert found.codes() == [(2, "第一针日期", "dose_before_birth")]


def test_doses_of_two_rows_of_one_person_unite_by_day(plan):
    found = plan(f"""
        {STREET}
        甲一 | {A} | | 2021-03-01 | 北京生物 | L1 | | 2021-03-29 | L2 |
        甲一 | {A} | | 2021-03-01 | 北京生物 | L1 | | | |
    """)
    totals = found.of()["totals"]
    assert (totals["dose_cells_counted"], totals["doses_counted_after_merge"]) == (3, 2)


ROSTER = f"""
    姓名 | 身份证号 | 联系电话
    张湉 | {A} | 16412345678
"""
LIST = "姓名 | 证件号码 | 联系电话 | 疫苗名称 | 生产企业 | 批号 | 剂次 | 接种时间 | 接种单位"


def test_a_list_of_the_vaccinated_against_the_roster(plan):
    found = plan(
        ROSTER,
        f"""
        {LIST}
        张湉 | {A} | | 新冠疫苗(Vero细胞) | 北京科兴 | L1 | 1 | 2021-04-08 08:01 |
        张湉 | {A} | | 新冠疫苗(Vero细胞) | 北京科兴 | L1 | 1 | 2021-04-08 08:01 |
        李一 | {B} | | 新冠苗3.0 | 北京科兴 | | 1 | 2021-04-08 09:00 |
        张湉 | | | 新冠疫苗(Vero细胞) | 北京科兴 | L1 | 1 | 2021-04-08 10:00 |
        """,
        f"""
        {LIST}
        张湉 | {A} | | 新冠疫苗(Vero细胞) | 北京科兴 | L1 | 1 | 2021-04-08 08:01 |
        张湉 | {A} | | 新冠疫苗(Vero细胞) | 北京科兴 | L1 | 第一针 | 2021-04-09 08:01 |
        """,
    )
    assert found.codes("ledger2.csv") == [
        (3, None, "duplicate_in_file"),
        (4, "批号", "lot_missing"),
        (4, None, "not_on_roster"),
        (4, "疫苗名称", "unknown_vaccine"),
        (5, "证件号码", "missing_id"),
        (5, None, "unidentifiable"),
    ]
    assert found.codes("ledger3.csv") == [(2, None, "duplicate_across_files"), (3, "剂次", "dose_number_repeated")]
    assert [found.of(f"ledger{n}.csv")["totals"]["doses_counted"] for n in (2, 3)] == [2, 0]


def test_the_as_of_day_decides_what_lies_ahead(plan):
    table = f"""
        姓名 | 身份证号 | 摸底日期
        张湉 | {A} | 2021-04-10
    """
    assert plan(table, as_of=date(2021, 4, 10)).codes() == []
    assert plan(table, as_of=date(2021, 4, 9)).codes() == [(2, "摸底日期", "date_in_future")]
