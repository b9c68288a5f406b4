"""Every element of the supporting data: those the import reads, and texts that no rule asks for."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from qingmiao.engine.cdsi.words import Report, UnreadableWord

_READ = frozenset(
    (
        "absMinAge", "absMinInt", "administerFullVaccineGroup", "age", "allowableInterval",
        "allowableVaccine", "antigen", "association", "associationBeginAge", "associationEndAge",
        "beginAge", "birthCountry", "cessationDate", "clinicalHistory", "code", "codeSystem",
        "codedValue", "codedValues", "condition", "conditionLogic", "conditionType", "conditionalSkip",
        "conflictBeginInterval", "conflictEndInterval", "context", "contraindicatedVaccine",
        "contraindication", "contraindicationGuidance", "contraindicationText", "contraindications",
        "current", "cvx", "cvxMap", "cvxToAntigenMap", "dateOfBirth", "defaultSeries", "description",
        "doseCount", "doseCountLogic", "doseNumber", "doseType", "earliestRecAge", "earliestRecInt",
        "effectiveDate", "endAge", "endDate", "equivalentSeriesGroups", "exclusion", "exclusionCode",
        "forecastVaccineType", "fromMostRecent", "fromPrevious", "fromRelevantObs", "fromTargetDose",
        "guidance", "guidelineCode", "immunity", "immunityBirthDate", "inadvertentVaccine",
        "indication", "interval", "intervalPriority", "latestRecAge", "latestRecInt",
        "liveVirusConflict", "liveVirusConflicts", "maxAge", "maxAgeToStart", "minAge", "minAgeToStart",
        "minConflictEndInterval", "minInt", "mvx", "name", "observation", "observationCode",
        "observationTitle", "observations", "preferableVaccine", "previous", "productPath",
        "recurringDose", "requiredGender", "seasonalRecommendation", "selectSeries", "series",
        "seriesAdminGuidance", "seriesDose", "seriesGroup", "seriesGroupName", "seriesGroups",
        "seriesName", "seriesPreference", "seriesPriority", "seriesType", "set", "setDescription",
        "setLogic", "shortDescription", "startDate", "targetDisease", "tradeName", "vaccine",
        "vaccineGroup", "vaccineGroupMap", "vaccineGroupToAntigenMap", "vaccineGroups", "vaccineTypes",
        "volume",
    )
)  # fmt: skip
_LEFT_OUT = frozenset(
    (
        "clarifyingText", "conditionID", "exclusionTitle", "group", "guidelineTitle", "indicationText",
        "observation/contraindicationText", "setID", "text", "vaccineType",
    )
)  # fmt: skip
"""Names of what a code beside them says, numbers of sets, and what an observation is for."""


def account_for(root: Element, report: Report) -> None:
    """Count the texts of a file that are left out. Raises `UnreadableWord` for an element nobody reads."""
    for parent in root.iter():
        for child in parent:
            if not _LEFT_OUT.isdisjoint((child.tag, f"{parent.tag}/{child.tag}")):
                words = (child.text or "").strip()
                if words:
                    report.note(f"text that no rule asks for left out: {child.tag}", words)
            elif child.tag not in _READ:
                raise UnreadableWord(f"element {child.tag!r} in {parent.tag!r}")
