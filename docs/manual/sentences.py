"""Cases as sentences a clinician can read and sign."""

from __future__ import annotations

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.cases import Case

from .words import REASON, STATUS


def _name(book: RuleBook, code: str, language: str) -> str:
    product = book.products.by_code.get(code)
    family = book.products.families.get(product.family) if product else None
    if family:
        return family.title[language]
    return f"{product.name if product and language == 'zh' else product.short if product else ''} {code}"


def _doses(book: RuleBook, case: Case, language: str) -> str:
    if not case.doses:
        return "无接种史" if language == "zh" else "no doses"
    parts = []
    for (day, code), said in zip(case.doses, case.doses_are, strict=True):
        name, verdict = _name(book, code, language), REASON[language].get(said)
        if verdict is None:
            verdict = f"计为{said}" if language == "zh" else f"counts as {said}"
        parts.append(f"{day} {name}（{verdict}）" if language == "zh" else f"{day} {name} ({verdict})")
    return ("；" if language == "zh" else "; ").join(parts)


def _next(case: Case, language: str) -> str:
    due = case.next_dose
    if not due:
        return ""
    earliest, overdue = due.get("earliest"), due.get("overdue_from")
    if language == "zh":
        text = f"下一剂为第{due['dose']}剂"
        text += f"，最早{earliest}" if earliest else ""
        text += f"，{overdue}起逾期" if overdue else ""
        return text + (f"，用{due['product']}" if due.get("product") else "")
    text = f"next is dose {due['dose']}"
    text += f", from {earliest}" if earliest else ""
    text += f", overdue from {overdue}" if overdue else ""
    return text + (f", {due['product']}" if due.get("product") else "")


def _facts(case: Case, language: str) -> str:
    facts = {**case.facts, **({"sex": case.sex} if case.sex != "F" else {}), **dict(case.readings)}
    text = ", ".join(f"{key}={value}" for key, value in facts.items())
    return f"（{text}）" if text and language == "zh" else f" ({text})" if text else ""


def sentence(book: RuleBook, case: Case, language: str) -> str:
    """One case as a sentence."""
    facts, doses, due = _facts(case, language), _doses(book, case, language), _next(case, language)
    status = STATUS[language][case.status]
    if language == "zh":
        tail = f"，{due}" if due else ""
        return f"{case.born}出生{facts}，{doses}。{case.on}：{status}{tail}。"
    tail = f"; {due}" if due else ""
    return f"Born {case.born}{facts}; {doses}. On {case.on}: {status}{tail}."
