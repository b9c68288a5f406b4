"""Nothing is dropped in silence, whatever is in the cells."""

import csv
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADERS = ["序号", "姓名", "性别", "身份证号", "出生日期", "联系电话", "第一针日期", "第一针批号", "内部编号"]
CELLS = st.sampled_from(
    [
        "",
        "/",
        "张湉",
        "李一鸣",
        "李一明",
        "239901197108164882",
        "23990419690607865X",
        "2.39901E+17",
        "16412345678",
        "合计",
        "2021-03-01",
        "2121-1-1",
        "=1+1",
        "男",
        "姓名",
        "身份证号",
        "\0",
        "　",
        "拒种",
        "１",
        "注：x",
    ]
) | st.text(max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, max_size=11), max_size=12))
def test_rows_in_are_written_merged_rejected_or_skipped(tmp_path, plan_files, rows):
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", newline="", errors="surrogatepass") as file:
        csv.writer(file).writerows([HEADERS, *([c.encode("utf-8", "replace").decode() for c in row] for row in rows)])
    found = plan_files(path).of()
    if found["outcome"] == "refused":
        assert found["code"] == "file_damaged"
        return
    totals, outcomes = found["totals"], Counter(row["outcome"] for row in found["rows"])
    assert totals["rows_read"] == len(found["rows"]) == outcomes.total()
    assert (
        totals["people_created"] + totals["people_merged"] == outcomes["accepted"] + outcomes["accepted_with_warning"]
    )
    assert totals["people_created"] == len({row["person"] for row in found["rows"] if row["person"]})
    for row in found["rows"]:
        assert row["outcome"] == "skipped" or sum(1 for _ in row["raw"]) >= 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_change_who_is_who(plan, order):
    rows = [
        "张湉 | 239901197108164882 | 16412345678",
        "张湉 | | 16412345678",
        "李一 | 23990419690607865X | 16412345679",
        "张湉 | 2.39901E+17 | 16412345678",
    ]
    found = plan("姓名 | 身份证号 | 联系电话\n" + "\n".join(rows[i] for i in order))
    assert found.of()["totals"]["people_created"] == 2
