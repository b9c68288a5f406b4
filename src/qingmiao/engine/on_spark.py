"""The same job on Apache Spark: people and doses are brought together by person, judged in Arrow batches.

PySpark is optional (extra `spark`; Java 17). Every task judges the persons of its partition with the
compiled kernel, so the rows are those of the local engine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute

from qingmiao.engine.columns import MissingColumn
from qingmiao.engine.population import Job, due_table

compute: Any = pyarrow.compute
Session = Any
Frame = Any


class SparkMissing(RuntimeError):
    """PySpark or Java is not installed."""


class NotSparks(FileExistsError):
    """The output would take the place of something else."""


def session(master: str) -> Session:
    """A Spark session on `master`. Raises `SparkMissing`."""
    try:
        import pyspark
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkMissing("PySpark is not installed: pip install 'qingmiao[spark]'") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))  # local-cluster starts workers from here
    builder: Any = SparkSession.builder
    builder = (
        builder.master(master)
        .appName("qingmiao schedule forecast")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(1 << 15))
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
    )
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise SparkMissing(f"Spark did not start: is there Java 17, and JAVA_HOME its folder? {error}") from error


def _read(spark: Session, path: Path, *names: str) -> Frame:
    """A file that has these columns. Raises `MissingColumn`."""
    frame = spark.read.parquet(str(path))
    for name in names:
        if name not in frame.columns:
            raise MissingColumn(f"{path.name}: no column {name!r}; there are {frame.columns}")
    return frame


def gathered(spark: Session, job: Job) -> Frame:
    """One row a person: its columns, its doses and its observations as lists. Raises `MissingColumn`."""
    from pyspark.sql import functions as f

    people = _read(spark, job.people, "person_id", "born_on")
    frames = [(_read(spark, job.doses, "person_id", "given_on", "vaccine"), "doses")]
    if job.observations is not None:
        frames.append((_read(spark, job.observations, "person_id", "code"), "observations"))
    for frame, name in frames:
        fields = [column for column in frame.columns if column != "person_id"]
        lists = frame.groupBy("person_id").agg(f.collect_list(f.struct(*fields)).alias(name))
        people = people.join(lists, "person_id", "left")
    return people


def unnested(people: Any, name: str, ids: Any) -> Any:
    """The list column `name` as a table with person_id."""
    column = people[name].combine_chunks()
    values = column.flatten()
    owners = ids.take(compute.list_parent_indices(column))
    names = [field.name for field in values.type]
    return pa.table([owners, *(values.field(i) for i in range(len(names)))], names=["person_id", *names])


def judge_batches(job: Job, batches: Iterator[Any], schema: Any) -> Iterator[Any]:
    """Due doses of each Arrow batch of gathered persons."""
    for batch in batches:
        people = pa.Table.from_batches([batch])
        ids = people["person_id"].combine_chunks()
        doses = unnested(people, "doses", ids)
        facts = unnested(people, "observations", ids) if "observations" in people.column_names else None
        kept = people.drop_columns([name for name in ("doses", "observations") if name in people.column_names])
        yield from due_table(job, kept, doses, facts).select(schema.names).cast(schema).to_batches()


def due_schema(people: Any) -> Any:
    """Arrow schema of the due doses, without dictionaries."""
    dates = ["earliest", "recommended", "past_due", "latest"]
    words = ["vaccine_group", "product", "series", "rule_id", "status"]
    fields = [("person_id", people), *((name, pa.date32()) for name in dates), *((name, pa.string()) for name in words)]
    return pa.schema([*fields, ("dose_number", pa.int32())])


def forecast_on_spark(job: Job, output: Path, rules: str, master: str) -> int:
    """Write the due doses to `output` (a folder of Parquet files); how many rows.

    `rules` is the name the workers compile the ruleset from. Raises `SparkMissing`, `MissingColumn`, and
    `NotSparks` rather than put the folder in the place of one that Spark did not write.
    """
    if output.exists() and not (output / "_SUCCESS").exists():
        raise NotSparks(f"{output} is there already and was not written by Spark")
    spark = session(master)
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    frame = gathered(spark, job)
    schema = due_schema(to_arrow_schema(frame.select("person_id").schema).field(0).type)
    facts = (job.people, job.doses, job.on, job.until)

    def judge(batches: Iterator[Any]) -> Iterator[Any]:
        from qingmiao.engine.rulesets import Ruleset

        return judge_batches(Job(Ruleset.named(rules), *facts), batches, schema)

    due = frame.mapInArrow(judge, from_arrow_schema(schema))
    due.write.mode("overwrite").parquet(str(output))
    return int(spark.read.parquet(str(output)).count())
