"""Import of the supporting data: one XML file per antigen and one for the schedule.

Loss-free: every element is read into `tables` or, where it is a text that no rule asks for, counted in the
report; one that the format did not have stops the import (`elements`). Files are read in name order; elements
keep file order.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from qingmiao.engine import tables as tb
from qingmiao.engine.cdsi.elements import account_for
from qingmiao.engine.cdsi.series import read_series
from qingmiao.engine.cdsi.words import Report, codes, cvx, day, span, text, yes

_ALIASES = {"JE": "Japanese Encephalitis", "YF": "Yellow Fever"}


class NotSupportingData(ValueError):
    """The folder is not CDC's supporting data."""


def read_supporting_data(folder: Path) -> tuple[tb.Ruleset, Report]:
    """The ruleset in `folder` and a report of what was read and normalised.

    `folder` is the published XML folder, or a folder that holds exactly one such folder. Raises
    `NotSupportingData` if it is not, `UnreadableWord` for a value the format does not explain.
    """
    folder = _data_folder(folder)
    report = Report()
    schedule = _root(folder / "ScheduleSupportingData.xml", report)
    files = sorted(folder.glob("AntigenSupportingData*.xml"))
    if not files:
        raise NotSupportingData(f"{folder}: no AntigenSupportingData*.xml")
    antigens = tuple(_antigen(_root(file, report), file, report) for file in files)
    vaccines = _vaccines(schedule, report)
    ruleset = tb.Ruleset(
        name="cdsi",
        version=folder.name.removeprefix("supporting-data-"),
        antigens=antigens,
        vaccines=_with_named(vaccines, antigens, schedule, report),
        groups=_groups(schedule, report),
        conflicts=_conflicts(schedule, report),
        observations=_with_unlisted(_observations(schedule, report), antigens, report),
        calendar=tb.Calendar.ROLL_FORWARD,
    )
    return ruleset, report


def _root(file: Path, report: Report) -> Element:
    root = parse(file).getroot()
    if root is None:
        raise NotSupportingData(f"{file.name}: empty")
    account_for(root, report)
    return root


def _data_folder(folder: Path) -> Path:
    if (folder / "ScheduleSupportingData.xml").is_file():
        return folder
    inner = [file.parent for file in sorted(folder.glob("*/ScheduleSupportingData.xml"))]
    if len(inner) != 1:
        raise NotSupportingData(f"{folder}: expected one ScheduleSupportingData.xml, found {len(inner)}")
    return inner[0]


def _antigen(root: Element, file: Path, report: Report) -> tb.Antigen:
    series = tuple(read_series(element, report) for element in root.findall("series"))
    name = text(root, "series/targetDisease", report) or ""
    short = file.stem.removeprefix("AntigenSupportingData- ").removesuffix("-508")
    if short != name:
        report.note("file name is not the disease's name", f"{short}: {name}")
    report.read["antigens"] += 1
    return tb.Antigen(
        name=_ALIASES.get(name, name),
        series=series,
        immune_observations=tuple(
            text(e, "guidelineCode", report) or "" for e in root.findall("immunity/clinicalHistory")
        ),
        birth_immunity=tuple(_birth(e, report) for e in root.findall("immunity/dateOfBirth")),
        contraindications=tuple(
            _contraindication(e, where == "vaccine", report)
            for where in ("vaccineGroup", "vaccine")
            for e in root.findall(f"contraindications/{where}/contraindication")
        ),
    )


def _birth(element: Element, report: Report) -> tb.BirthImmunity:
    born_before = day(text(element, "immunityBirthDate", report))
    if born_before is None:
        raise NotSupportingData("immunity by birth date without a date")
    return tb.BirthImmunity(
        born_before=born_before,
        country=text(element, "birthCountry", report),
        exclusions=tuple(text(e, "exclusionCode", report) or "" for e in element.findall("exclusion")),
    )


def _contraindication(element: Element, names_vaccines: bool, report: Report) -> tb.Contraindication:
    report.read["contraindications"] += 1
    code = text(element, "observationCode", report) or ""
    if names_vaccines != bool(element.findall("contraindicatedVaccine")):
        raise NotSupportingData(f"contraindication {code}: antigen and vaccine level are mixed up")
    return tb.Contraindication(
        observation=code,
        begin_age=span(text(element, "beginAge", report)),
        end_age=span(text(element, "endAge", report)),
        vaccines=tuple(
            tb.VaccineRow(
                vaccine=cvx(text(e, "cvx", report) or "", report),
                begin_age=span(text(e, "beginAge", report)),
                end_age=span(text(e, "endAge", report)),
            )
            for e in element.findall("contraindicatedVaccine")
        ),
        text=text(element, "contraindicationText", report) or "",
        guidance=text(element, "contraindicationGuidance", report) or "",
        rule=tb.Rule(f"cdsi.contraindication.{code}", title_en=text(element, "observationTitle", report) or ""),
    )


def _groups(schedule: Element, report: Report) -> tuple[tb.VaccineGroup, ...]:
    full = {
        text(e, "name", report): text(e, "administerFullVaccineGroup", report)
        for e in schedule.findall("vaccineGroups/vaccineGroup")
    }
    groups = []
    for element in schedule.findall("vaccineGroupToAntigenMap/vaccineGroupMap"):
        name = text(element, "name", report) or ""
        flag = full.get(name)
        antigens = tuple((e.text or "").strip() for e in element.findall("antigen"))
        groups.append(tb.VaccineGroup(name, antigens, None if flag is None else yes(flag)))
    report.read["vaccine groups"] = len(groups)
    return tuple(groups)


def _conflicts(schedule: Element, report: Report) -> tuple[tb.Conflict, ...]:
    conflicts = []
    for element in schedule.findall("liveVirusConflicts/liveVirusConflict"):
        begin, short, end = (
            span(text(element, tag, report))
            for tag in ("conflictBeginInterval", "minConflictEndInterval", "conflictEndInterval")
        )
        if begin is None or end is None:
            raise NotSupportingData("live virus conflict without an interval")
        codes_of = [cvx(text(element, f"{side}/cvx", report) or "", report) for side in ("previous", "current")]
        conflicts.append(tb.Conflict(codes_of[0], codes_of[1], begin, short or end, end))
    report.read["live virus conflicts"] = len(conflicts)
    return tuple(conflicts)


def _vaccines(schedule: Element, report: Report) -> list[tb.Vaccine]:
    vaccines = []
    for element in schedule.findall("cvxToAntigenMap/cvxMap"):
        associations = tuple(
            tb.Association(
                text(e, "antigen", report) or "",
                span(text(e, "associationBeginAge", report)),
                span(text(e, "associationEndAge", report)),
            )
            for e in element.findall("association")
        )
        code = cvx(text(element, "cvx", report) or "", report)
        vaccines.append(tb.Vaccine(code, text(element, "shortDescription", report) or "", associations))
    report.read["vaccine types"] = len(vaccines)
    return vaccines


def _with_named(
    vaccines: list[tb.Vaccine], antigens: tuple[tb.Antigen, ...], schedule: Element, report: Report
) -> tuple[tb.Vaccine, ...]:
    """`vaccines` and those that a rule or conflict names without the map listing them."""
    known = {v.code for v in vaccines}
    named: set[str] = set()
    for element in schedule.iter("cvx"):
        named |= set(codes((element.text or "").strip(), report))
    for antigen in antigens:
        named |= _vaccines_named(antigen)
    for code in sorted(named - known):
        report.note("vaccine type without an antigen", code)
        vaccines.append(tb.Vaccine(code))
    return tuple(vaccines)


def _vaccines_named(antigen: tb.Antigen) -> set[str]:
    named = {v.vaccine for c in antigen.contraindications for v in c.vaccines}
    for target in (t for s in antigen.series for t in s.targets):
        named |= {v.vaccine for v in (*target.preferable, *target.allowable, *target.inadvertent)}
        named |= {code for i in target.intervals for code in i.vaccines}
        named |= {code for k in target.skips for q in k.sets for c in q.conditions for code in c.vaccines}
    return named


def _observations(schedule: Element, report: Report) -> list[tb.Observation]:
    observations = []
    for element in schedule.findall("observations/observation"):
        coded = tuple(
            (text(e, "codeSystem", report) or "", text(e, "code", report) or "")
            for e in element.findall("codedValues/codedValue")
        )
        observations.append(
            tb.Observation(
                text(element, "observationCode", report) or "",
                text(element, "observationTitle", report) or "",
                coded=coded,
            )
        )
    report.read["observations"] = len(observations)
    return observations


def _with_unlisted(
    observations: list[tb.Observation], antigens: tuple[tb.Antigen, ...], report: Report
) -> tuple[tb.Observation, ...]:
    known = {o.code for o in observations}
    for code in sorted({code for antigen in antigens for code in _observations_named(antigen)} - known):
        report.note("observation that the schedule does not define", code)
        observations.append(tb.Observation(code))
    return tuple(observations)


def _observations_named(antigen: tb.Antigen) -> set[str]:
    named = set(antigen.immune_observations) | {c.observation for c in antigen.contraindications}
    named |= {code for birth in antigen.birth_immunity for code in birth.exclusions}
    named |= {i.observation for s in antigen.series for i in s.indications}
    intervals = (i for s in antigen.series for t in s.targets for i in t.intervals)
    return named | {i.observation for i in intervals if i.observation}
