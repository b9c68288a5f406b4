"""`qingmiao rules check` and `diff`: are China's rule files sound, and what does an overlay change?"""

from __future__ import annotations

from typing import Annotated

import typer

from qingmiao.cli.exits import Exit, Stop

ALSO = ("label", "key_groups")


def check() -> None:
    """Read every rule file of China, with every overlay, and ask the engine for every case beside them."""
    from qingmiao.engine.china.cases import failures
    from qingmiao.engine.rules import RULES, RuleFileError, load
    from qingmiao.engine.rules.cases import case_files, read_cases
    from qingmiao.engine.rulesets import provinces

    try:
        book = load("cn", also=ALSO)
        overlays = provinces()
        for overlay in overlays:
            load("cn", overlay=overlay)
        cases = [case for path in case_files(RULES / "cn") for case in read_cases(path)]
    except RuleFileError as error:
        raise Stop(Exit.REFUSED, str(error)) from error
    wrong = list(failures(book, cases))
    for line in wrong:
        typer.echo(line)
    values = sum(len(dose.minimum_age.values) for group in book.groups for path in group.paths for dose in path.doses)
    typer.echo(f"{len(book.groups)} groups, {values} dated minimum ages, {len(overlays)} overlays, {len(cases)} cases")
    if wrong:
        raise Stop(Exit.REFUSED, f"{len(wrong)} cases come out otherwise")


def diff(overlay: Annotated[str, typer.Argument(help="An overlay by its file's name, such as liaoning.")]) -> None:
    """Print what a province's overlay changes in the nation's rules."""
    from qingmiao.engine.rules import RuleFileError, documents, load
    from qingmiao.engine.rules.overlay import differences
    from qingmiao.engine.rulesets import provinces

    if overlay not in provinces():
        raise Stop(Exit.REFUSED, f"no overlay {overlay!r}; there are {', '.join(provinces())}")
    try:
        laid = load("cn", overlay=overlay).overlay
    except RuleFileError as error:
        raise Stop(Exit.REFUSED, f"{overlay}: {error}") from error
    if laid:
        for line in differences(laid, documents("cn")):
            typer.echo(line)
