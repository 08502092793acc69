"""A folder of result files, read and checked before anything is told about it.

Takes a folder that `run --out` or `compare --out` wrote, recognised by its files; gives its
content. Whatever is missing, torn or of another kind is named in one message; nothing is guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from sim.errors import Phrase, ScenarioError, UsageError
from sim.language.vocabulary import COUNTS, METRICS, QUANTITIES
from sim.report import reading, risk
from sim.report.money import unreadable
from sim.report.reasons import malformed
from sim.results import TABLES
from sim.scenario.later import as_stored, renamed
from sim.scenario.layouts import with_layout
from sim.scenario.matrix import LAYOUTS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import varied
from sim.scenario.structures import read

NAMES = {
    "hourly": ("account", "origin"),
    "videos": ("account", "stop_reason"),
    "accounts": ("account", "role", "tier"),
    "flows": ("from", "to", "channel"),
    "promotions": ("account", "decision", "reason"),
    "measures": ("account", "origin", "measure"),
}
"""Columns that hold text, of those that the report reads."""
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "hourly": ("hour", *COUNTS),
    "videos": ("post_number", "published_hour", "pool", *COUNTS),
    "accounts": ("posts", "reach", *COUNTS, "cost_cny"),
    "flows": ("visits", "impressions", "follows"),
    "promotions": ("hour", "pool"),
    "measures": ("hour", "value"),
}
OPTIONAL = ("profit_cny", "roi", "matrix_gain", "new_fans", "hit_rate", "hit_mark", "breakout_videos")
"""Numbers of a summary that may be empty, or missing in older folders."""
ESTIMATES = (
    "mean", "low", "high", "difference", "difference_low", "difference_high", "probability_best",
    "first_share", "hit_probability", "lower_tail",
)  # fmt: skip
REFUSABLE = ("low", "high", "difference_low", "difference_high")
"""Estimates that are null where too few seeds differ to say."""
RUN_FILES = ("summary.json", *(f"{name}.parquet" for name in TABLES), "scenario.toml", "provenance.json")
COMPARISON_FILES = ("comparison.json", "replications.parquet")
STARTS = re.compile(r"scenario(-[0-9]+)?\.toml")
"""Files of the scenarios that the variants of a comparison start from."""
SHOWN = 5
"""Single runs that are named where a folder holds several."""


@dataclass(frozen=True)
class RunFiles:
    """The content of a folder that `run --out` wrote.

    Attributes:
        summary: of summary.json.
        tables: a polars frame for each of TABLES, and `measures` where there is one.
        scenario: what was run.
        scenario_toml: the same as text.
        provenance: of provenance.json.
        title: what to call the scenario; its own name if empty.
        later: keys of the scenario that came after the run; they stand at what leaves them without effect.
    """

    summary: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    scenario: Scenario
    scenario_toml: str
    provenance: Mapping[str, Any]
    title: str = ""
    later: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparisonFiles:
    """The content of a folder that `compare --out` wrote, and what the caller knows beside it.

    Attributes:
        comparison: of comparison.json.
        replications: one row a variant and seed.
        scenarios: the scenario of each variant, in their order; empty where unknown.
        names: what to call the variants; made from their own names where empty.
        title: what to call the scenario; empty where unknown.
        command: the command line that gives the same again; empty where unknown.
        scenario_toml: the scenario that the variants start from, as text; empty where unknown or several.
        provenance: versions; empty where unknown.
        files: the scenarios that the variants start from, as texts by file name, where there are several.
        later: keys that came after the comparison, as of a run.
    """

    comparison: Mapping[str, Any]
    replications: pl.DataFrame
    scenarios: Sequence[Scenario] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    command: str = ""
    scenario_toml: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()


def opened(folder: Path) -> RunFiles | ComparisonFiles:
    """The content of a folder.

    Raises:
        UsageError: it is no such folder, or a file of it is missing or broken.
        ScenarioError: its scenario is wrong.
    """
    if not folder.is_dir():
        if folder.exists():
            raise UsageError("{folder}: is no folder", folder=folder)
        raise UsageError("{folder}: no such folder", folder=folder)
    try:
        found = {file.name for file in folder.iterdir()}
    except OSError as error:
        raise reading.broken(folder, error) from None
    if "comparison.json" in found:
        _all_there(folder, COMPARISON_FILES, found, "compare")
        return _comparison(folder)
    if found & {"summary.json", "provenance.json", "hourly.parquet"}:
        _all_there(folder, RUN_FILES, found, "run")
        return _run(folder)
    raise _strange(folder, found)


def run_files(folder: Path, title: str = "") -> RunFiles:
    """The content of a run's folder, as `opened`, with a name of the caller's."""
    found = opened(folder)
    if not isinstance(found, RunFiles):
        raise UsageError("{folder}: holds a comparison, not a run", folder=folder)
    return replace(found, title=title)


def _strange(folder: Path, found: set[str]) -> UsageError:
    runs = sorted(name for name in found if (folder / name / "summary.json").is_file())
    if runs:
        more = Phrase(" and {count} more", count=len(runs) - SHOWN) if len(runs) > SHOWN else ""
        listed = ", ".join(str(folder / name) for name in runs[:SHOWN])
        return UsageError(
            "{folder}: holds several runs; name one of them: {names}{more}",
            folder=folder, names=listed, more=more,
        )  # fmt: skip
    if "manifest.json" in found:
        return UsageError(
            '{folder}: is the store of a sweep; ask it with matrixsim query {folder} "SELECT …"',
            folder=folder,
        )
    return UsageError(
        "{folder}: holds neither summary.json (written by matrixsim run --out) "
        "nor comparison.json (written by matrixsim compare --out)",
        folder=folder,
    )


def _all_there(folder: Path, needed: Sequence[str], found: set[str], command: str) -> None:
    missing = [name for name in needed if name not in found]
    if missing:
        raise UsageError(
            "{folder}: missing {names}; matrixsim {command} --out writes them",
            folder=folder, names=", ".join(missing), command=command,
        )  # fmt: skip


def _run(folder: Path) -> RunFiles:
    file = folder / "summary.json"
    summary = reading.document(file)
    for key in (*QUANTITIES, "users", "hours", "seed"):
        if key not in OPTIONAL or summary.get(key) is not None:
            reading.number(file, summary, key)
    if not isinstance(summary.get("digest"), str):
        raise UsageError("{file}: digest is missing, or is no text", file=file)
    _warned(file, summary)
    if not 1 <= summary["hours"] == int(summary["hours"]):
        raise UsageError(
            "{file}: hours is {hours}, which is no whole number from 1", file=file, hours=summary["hours"]
        )
    there = [*TABLES, *(["measures"] if (folder / "measures.parquet").is_file() else [])]
    tables = {name: reading.table(folder / f"{name}.parquet", NAMES[name], NUMBERS[name]) for name in there}
    first, last = reading.ends(tables["hourly"]["hour"])
    if first < 0 or last >= summary["hours"]:
        raise UsageError(
            "{file}: holds hours outside the run of {hours} h",
            file=folder / "hourly.parquet", hours=summary["hours"],
        )  # fmt: skip
    if reading.ends(tables["videos"]["pool"])[0] < 1:
        raise UsageError("{file}: pools are numbered from 1", file=folder / "videos.parquet")
    file = folder / "scenario.toml"
    text = reading.text(file)
    scenario, later = as_stored(text, str(file))
    return RunFiles(
        summary, tables, scenario, text, reading.document(folder / "provenance.json"), later=later
    )


def _comparison(folder: Path) -> ComparisonFiles:
    file = folder / "comparison.json"
    document = reading.document(file)
    check_comparison(document, str(file))
    replications = reading.table(
        folder / "replications.parquet", ("variant",), ("seed", "users", "hours", "reach", "hit_videos")
    )
    provenance = (
        reading.document(folder / "provenance.json") if (folder / "provenance.json").is_file() else {}
    )
    if "variants" in provenance:
        return _traced(folder, document, replications, provenance)
    beside = folder / "scenario.toml"  # earlier versions did not write it; believed where it lies there
    text = reading.text(beside) if beside.is_file() else ""
    plan = Scenario.loads(renamed(text), str(beside)) if text else None
    names = [variant["name"] for variant in document["variants"]]
    told = plan is not None and all(name in LAYOUTS for name in names)
    return ComparisonFiles(
        document,
        replications,
        [with_layout(plan, name) for name in names] if plan is not None and told else (),
        title=plan.name if plan is not None else "",
        scenario_toml=text,
        provenance=provenance,
    )


def _traced(
    folder: Path, document: Mapping[str, Any], replications: pl.DataFrame, provenance: Mapping[str, Any]
) -> ComparisonFiles:
    """A comparison whose provenance says from which scenario each variant was made, and how."""
    file = folder / "provenance.json"
    made = provenance["variants"]
    if not isinstance(made, list) or not all(isinstance(row, dict) for row in made):
        raise UsageError("{file}: variants is no list of objects", file=file)
    if [row.get("name") for row in made] != [variant["name"] for variant in document["variants"]]:
        raise UsageError("{file}: variants are not those of comparison.json", file=file)
    texts: dict[str, str] = {}
    for row in made:
        name = row.get("scenario")
        if not isinstance(name, str) or not STARTS.fullmatch(name):
            raise UsageError(
                "{file}: scenario is {name!r}; allowed: scenario.toml, scenario-1.toml, …",
                file=file, name=name,
            )  # fmt: skip
        texts[name] = texts.get(name) or reading.text(folder / name)
    found = {name: as_stored(text, str(folder / name)) for name, text in texts.items()}
    plans = {name: plan for name, (plan, _) in found.items()}
    scenarios = [_made(file, plans[row["scenario"]], row) for row in made]
    alone = len(texts) == 1
    return ComparisonFiles(
        document,
        replications,
        scenarios,
        title=next(iter(plans.values())).name if alone else "",
        command=_command(document, provenance),
        scenario_toml=next(iter(texts.values())) if alone else "",
        provenance=provenance,
        files={} if alone else texts,
        later=tuple(dict.fromkeys(key for _, later in found.values() for key in later)),
    )


def _made(file: Path, start: Scenario, row: Mapping[str, Any]) -> Scenario:
    ratio, where = row.get("ratio"), f"{file}: variant {row['name']!r}"
    if ratio is not None and not isinstance(ratio, list | str):
        raise UsageError("{where}: ratio is {ratio!r}, which is no list", where=where, ratio=ratio)
    try:
        return varied(start, row.get("layout"), ratio, row.get("structure"), row.get("timing"))
    except (ScenarioError, UsageError) as error:
        raise UsageError("{where}: {error}", where=where, error=error) from None


def _command(document: Mapping[str, Any], provenance: Mapping[str, Any]) -> str:
    """The command line that gives a comparison again, in the folder of its files."""
    made = provenance["variants"]
    structures = [row["structure"] for row in made if row.get("structure")]
    # What is on one account has no links, whatever the layouts were.
    linked = [row for row in made if not (row.get("structure") and read(row["structure"]).alone)]
    layouts = [row["layout"] for row in linked if row.get("layout")]
    ratios = [
        row["ratio"] if isinstance(row["ratio"], str) else ":".join(map(str, row["ratio"]))
        for row in made
        if row.get("ratio") is not None
    ]
    timings = [row["timing"] for row in made if row.get("timing")]
    seeds = document["seeds"] if document.get("stopped") else provenance.get("seeds", document["seeds"])
    options = {
        "--structures": [",".join(dict.fromkeys(structures))] if structures else [],
        "--layouts": [",".join(dict.fromkeys(layouts))] if layouts else [],
        "--seeding": dict.fromkeys(ratios),
        "--timing": [",".join(dict.fromkeys(timings))] if timings else [],
        "--metric": [document["metric"]],
        "--seeds": [seeds],
        "--confidence": [document["confidence"]],
    }
    words = ["matrixsim compare", *dict.fromkeys(row["scenario"] for row in made)]
    words += [f"{option} {value}" for option, values in options.items() for value in values]
    return " ".join([*words, "--robust"] if provenance.get("robust") else words)


def check_comparison(document: Mapping[str, Any], file: str) -> None:
    """Holds a comparison to what the report reads of it.

    Raises:
        UsageError: something is missing or of another kind.
    """
    if document.get("metric") not in METRICS:
        raise UsageError(
            "{file}: metric is {metric!r}; allowed: {names}",
            file=file, metric=document.get("metric"), names=", ".join(METRICS),
        )  # fmt: skip
    reading.number(file, document, "seeds")
    reading.number(file, document, "confidence")
    verdict, interval = document.get("verdict"), document.get("interval")
    if not _says(verdict):
        raise UsageError("{file}: verdict needs the texts code, text_zh and text_en", file=file)
    if not isinstance(interval, dict) or not isinstance(interval.get("kind"), str):
        raise UsageError("{file}: interval needs kind and confidence", file=file)
    reading.number(file, interval, "confidence")
    variants = document.get("variants")
    if not isinstance(variants, list) or not variants:
        raise UsageError("{file}: variants is missing or empty", file=file)
    for variant in variants:
        if not isinstance(variant, dict) or not isinstance(variant.get("name"), str):
            raise UsageError("{file}: every variant needs a name", file=file)
        _variant(file, variant)
        if key := unreadable(variant) or risk.unreadable(variant):
            raise UsageError(
                "{file}: {key} of {name!r} is no number", file=file, key=key, name=variant["name"]
            )
    _warned(file, document)
    if part := malformed(document):
        raise UsageError("{file}: {part} is not as compare writes it", file=file, part=part)
    if not _all_say(document.get("platforms", {})):
        raise UsageError(
            "{file}: every verdict of platforms needs the texts code, text_zh and text_en", file=file
        )
    names = [variant["name"] for variant in variants]
    if len(set(names)) < len(names):
        raise UsageError("{file}: two variants have the same name", file=file)


def _warned(file: object, document: Mapping[str, Any]) -> None:
    """Holds the warnings, if any, to what is read of them."""
    warnings = document.get("warnings", [])
    if not isinstance(warnings, list) or not all(map(_says, warnings)):
        raise UsageError("{file}: every warning needs the texts code, text_zh and text_en", file=file)


def _variant(file: str, variant: Mapping[str, Any]) -> None:
    """Holds a variant to the numbers that the report reads of it."""
    where = Phrase("{file}: variant {name!r}", file=file, name=variant["name"])
    for key in ESTIMATES:
        if key not in REFUSABLE or variant.get(key, ...) is not None:
            reading.number(where, variant, key)
    for key in ("win", "tie", "lose"):
        share = variant.get(key)
        if share is None:  # the best itself, or written by an earlier version
            continue
        if not isinstance(share, dict):
            raise UsageError("{where}: {key} needs share, low and high", where=where, key=key)
        for part in ("share", "low", "high"):
            reading.number(Phrase("{where}: {key}", where=where, key=key), share, part)


def _all_say(rows: object) -> bool:
    """Whether each value of a table does."""
    return isinstance(rows, dict) and all(map(_says, rows.values()))


def _says(row: object) -> bool:
    """Whether it has a code and its text in both languages."""
    return isinstance(row, dict) and all(isinstance(row.get(k), str) for k in ("code", "text_zh", "text_en"))
