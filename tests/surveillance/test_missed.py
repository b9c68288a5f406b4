"""The audit of missed cards: what a register says, and which card answers it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.surveillance.finding import hints_in_code, hints_in_result, hints_in_text
from qingmiao.surveillance.missed import Card, RegisterRow, cases, figures

MONDAY = datetime(2026, 9, 7, 1, tzinfo=UTC)


def row(key: str, person: str = "甲", days: float = 0, **what: str) -> RegisterRow:
    return RegisterRow(key, person, MONDAY + timedelta(days=days), **what)


def card(disease: str, person: str = "甲", days: float = 0, hours_later: float = 1) -> Card:
    diagnosed = MONDAY + timedelta(days=days)
    return Card(f"card-{disease}-{person}-{days}", person, disease, diagnosed, diagnosed + timedelta(hours=hours_later))


@pytest.mark.parametrize(
    ("diagnosis", "names"),
    [
        ("水痘", ["水痘"]),
        ("麻疹？", ["麻疹"]),
        ("手足口病 重症", ["手足口病"]),
        ("副伤寒", ["副伤寒"]),
        ("斑疹伤寒", ["流行性和地方性斑疹伤寒"]),
        ("伤寒，副伤寒待排除", ["伤寒"]),
        ("细菌性痢疾", ["细菌性痢疾"]),
        ("慢性乙型肝炎；上呼吸道感染", ["乙型肝炎"]),
        ("流行性腮腺炎、流感", ["流行性腮腺炎", "流行性感冒"]),
        ("荨麻疹；麻疹？", ["麻疹"]),
    ],
)
def test_a_diagnosis_names(diagnosis: str, names: list[str]):
    assert [hint.disease for hint in hints_in_text(diagnosis)] == names


@pytest.mark.parametrize(
    "diagnosis",
    [
        "上呼吸道感染",
        "接种麻疹疫苗后发热",
        "麻疹疫苗接种",
        "排除麻疹",
        "否认肺结核",
        "既往肺结核",
        "乙肝表面抗原携带",
        "乙肝疫苗",
        "化脓性腮腺炎",
        "副流感",
        "流感疫苗接种",
        "水痘病史",
        "荨麻疹",
        "丘疹性荨麻疹",
        "药物性麻疹样皮疹",
        "风疹块",
        "陈旧性肺结核",
        "狂犬病暴露Ⅲ级",
        "流感样病例",
        "肺结核已愈",
        "不支持手足口病",
        "",
    ],
)
def test_a_diagnosis_that_names_none(diagnosis: str):
    assert hints_in_text(diagnosis) == []


def test_a_denial_reaches_only_its_own_clause():
    assert [hint.disease for hint in hints_in_text("排除麻疹，风疹")] == ["风疹"]


def test_a_question_mark_makes_it_suspected():
    assert [hint.is_suspected for hint in hints_in_text("麻疹？风疹")] == [True, False]
    assert hints_in_text("麻疹？")[0].is_suspected
    assert not hints_in_text("麻疹")[0].is_suspected


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("B05.9", ["麻疹"]),
        ("b26", ["流行性腮腺炎"]),
        ("A01.0", ["伤寒"]),
        ("A09", ["其他感染性腹泻病"]),
        ("J06.9", []),
        ("", []),
    ],
)
def test_a_code_names(code: str, names: list[str]):
    assert [hint.disease for hint in hints_in_code(code)] == names


def test_a_result_proves():
    assert hints_in_result("麻疹病毒IgM抗体", "阳性(+)")[0].disease == "麻疹"
    assert hints_in_result("麻疹病毒IgM抗体", "阴性") == []


def test_a_case_without_a_card_is_missed():
    [case] = cases([row("门诊-1", diagnosis="麻疹")], [])
    assert (case.card, case.is_late) == (None, None)
    assert figures([case]).missed_rate == 100


def test_a_card_of_somebody_else_does_not_answer():
    [case] = cases([row("门诊-1", diagnosis="麻疹")], [card("麻疹", person="乙")])
    assert case.card is None


def test_a_subtype_answers_for_its_disease():
    [case] = cases([row("门诊-1", diagnosis="肺结核")], [card("肺结核-病原学阳性")])
    assert case.card is not None


@pytest.mark.parametrize(("hours", "is_late"), [(24, False), (24.01, True)])
def test_a_card_after_twenty_four_hours_is_late(hours: float, is_late: bool):
    [case] = cases([row("门诊-1", diagnosis="麻疹")], [card("麻疹", hours_later=hours)])
    assert case.is_late is is_late


def test_visits_of_one_illness_are_one_case():
    rows = [
        row("门诊-1", diagnosis="手足口病"),
        row("门诊-2", days=3, diagnosis="手足口病"),
        row("检验-1", days=1, icd10="B08.4"),
    ]
    [case] = cases(rows, [card("手足口病")])
    assert [one.key for one in case.rows] == ["门诊-1", "检验-1", "门诊-2"]


def test_a_second_illness_months_later_is_a_second_case():
    rows = [row("门诊-1", diagnosis="流感"), row("门诊-2", days=90, diagnosis="流感")]
    assert [case.card is None for case in cases(rows, [card("流行性感冒")])] == [False, True]


def test_a_chronic_disease_is_reported_once_in_a_life():
    rows = [row("门诊-1", diagnosis="慢性乙型肝炎"), row("门诊-2", days=90, diagnosis="慢性乙型肝炎")]
    assert figures(cases(rows, [card("乙型肝炎", days=-700)])).should_report == 1
    assert figures(cases(rows, [card("乙型肝炎", days=-700)])).missed == 0


def test_what_is_only_monitored_is_not_missed():
    assert cases([row("门诊-1", diagnosis="水痘")], []) == []


@given(
    st.permutations(
        [
            row(f"门诊-{n}", person=f"p{n % 3}", days=n, diagnosis=text)
            for n, text in enumerate(["麻疹", "流感", "麻疹", "排除麻疹", "肺结核", "手足口病"])
        ]
    )
)
def test_the_order_of_the_register_does_not_matter(rows: list[RegisterRow]):
    assert cases(rows, []) == cases(sorted(rows, key=lambda one: one.key), [])
