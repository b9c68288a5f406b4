"""Counts kept beside the registry, so that a figure of millions answers at once: how people and doses are tallied.

Triggers of the database (`reports.triggers`) note every row of the registry that changes, whoever changes it;
`reports.keeping` carries the notes into the counts, and each night counts everything anew to see that they agree.
People and places are named by their ids without foreign keys: a merge moves everything that points at a person, and
what is kept here follows by itself.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangedPerson(models.Model):
    """A person whose home, status, units, groups or doses changed since the counts were last brought up to date."""

    person_id = models.BigIntegerField(db_index=True)


class PersonTally(models.Model):
    """How a person stood when they were last counted: what has to be taken off when they change."""

    person_id = models.BigIntegerField(primary_key=True)
    stand = models.TextField(help_text=_("As `reports.tallies.Stand` writes itself."))
    done = models.CharField(
        max_length=200, blank=True, db_index=True, help_text=_("Indicators the person is above the line of, by name.")
    )


class PeopleTally(models.Model):
    """People who came onto (positive) or left (negative) the ledger of a place on a day.

    Rows without an indicator are of everybody: the people of a place on a day are their sum up to it. Rows with one
    are of those who ever came above its line, by the day they did (`dose_on`; the last of all days in rows of
    everybody). `day` is the first of all days for those who always belonged.
    """

    place_id = models.BigIntegerField()
    group_id = models.BigIntegerField(default=0, help_text=_("Key group; 0 for everybody."))
    is_direct = models.BooleanField(help_text=_("Only people of the place itself, not of what lies below it."))
    indicator = models.CharField(max_length=64)
    day = models.DateField()
    dose_on = models.DateField()
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_id", "indicator", "group_id", "is_direct", "day", "dose_on"], name="people_tallied_once"
            )
        ]
        # Holds all that a sum needs, so that no row is fetched for it.
        indexes = [
            models.Index(
                fields=["place_id", "indicator", "group_id", "is_direct", "day", "dose_on", "people"],
                name="people_summed",
            )
        ]


class DoseLog(models.Model):
    """A counted dose that appeared (1) or no longer counts (-1), not yet carried into the sums."""

    site_id = models.BigIntegerField(help_text=_("Where it was given; 0 if that is not known."))
    home_id = models.BigIntegerField(help_text=_("Where its person lives; 0 if that is not known."))
    product_code = models.CharField(max_length=8)
    day = models.DateField()
    doses = models.SmallIntegerField()


class SiteDoses(models.Model):
    """Counted doses of a vaccine given at a site on a day."""

    site_id = models.BigIntegerField()
    product_code = models.CharField(max_length=8)
    day = models.DateField()
    doses = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site_id", "day", "product_code"], name="site_doses_once")]
        indexes = [models.Index(fields=["site_id", "day", "product_code", "doses"], name="site_doses_summed")]


class HomeDoses(models.Model):
    """Counted doses of a vaccine in a month that people living in a place have had, wherever they were given."""

    home_id = models.BigIntegerField()
    product_code = models.CharField(max_length=8)
    month = models.DateField(help_text=_("Its first day."))
    doses = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["home_id", "month", "product_code"], name="home_doses_once")]
        indexes = [models.Index(fields=["home_id", "month", "product_code", "doses"], name="home_doses_summed")]


class TallyLock(models.Model):
    """One row, locked by whoever brings the counts up to date: two at once would count a change twice."""

    folded_at = models.DateTimeField(null=True)


class FigureCheck(models.Model):
    """The kept counts held against a full count: when, and what differed. A difference is put right at once."""

    at = models.DateTimeField()
    people = models.BigIntegerField(help_text=_("People counted."))
    doses = models.BigIntegerField(help_text=_("Doses counted."))
    differences = models.PositiveIntegerField()
    found = models.JSONField(default=list, help_text=_("The first differences: place, kept, counted."))

    class Meta:
        verbose_name = _("Check of the kept counts")
        ordering = ["-at", "-pk"]
