"""What the report page hands to sim.report: the files behind a kept answer, in the reader's language."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

import polars as pl

from sim.app.jobs import store
from sim.app.jobs.request import Comparing, Running
from sim.app.jobs.store import Answer
from sim.app.jobs.variants import BETWEEN
from sim.app.ui.further import answered
from sim.app.ui.names import scenario_name, variant_names
from sim.language.names import LAYOUT
from sim.language.words import N_, NC_, Words
from sim.report.folder import ComparisonFiles, RunFiles, run_files
from sim.results import TABLES
from sim.scenario.shipped import shipped

TABLE_NAMES: Mapping[str, str] = {
    "hourly": NC_("table", "Hour by hour"), "videos": NC_("table", "Videos"), "accounts": N_("Accounts"),
    "flows": N_("Links in all"), "promotions": N_("Promotion record"), "links": N_("Links hour by hour"),
    "measures": N_("Other counts hour by hour"), "replications": N_("Single launches"),
}  # fmt: skip
RUN_TABLES = (*TABLES, "links")
"""Tables of every run."""


def run_tables(request: Running) -> tuple[str, ...]:
    """Tables of a kept run: those of every run, and `measures` where anything stands in it."""
    more = (store.kept_at(request) / "measures.parquet").is_file()
    return (*RUN_TABLES, "measures") if more else RUN_TABLES


def run_of(request: Running, words: Words) -> RunFiles:
    """The files of a run that was asked for.

    Raises:
        UsageError: they are no longer there.
    """
    return run_files(store.kept_at(request), scenario_name(words, request.scenario))


def comparison_of(request: Comparing, answer: Answer, metric: str, words: Words) -> ComparisonFiles:
    """A comparison that was shown, by one of the metrics that its answer has."""
    plan = request.plan()
    try:
        made_by = {"matrixsim": version("matrixsim")}
    except PackageNotFoundError:  # run from a folder that was never installed
        made_by = {}
    found, runs = answered(request, answer["comparisons"][metric], metric), replications(request, answer)
    plans = [variant.of(plan) for variant in request.variants]
    names, title = variant_names(words, request.variants), scenario_name(words, request.scenario)
    again = command(request, metric)
    return ComparisonFiles(found, runs, plans, names, title, again, plan.to_toml(), made_by)


def replications(request: Comparing, answer: Answer) -> pl.DataFrame:
    """One row a variant and seed; of an answer shipped without its tables, what it is judged by."""
    try:
        return store.table(request, "replications")
    except OSError:
        plan = request.plan()
        asked = pl.lit(plan.audience.users).alias("users"), pl.lit(plan.run.hours).alias("hours")
        return store.runs_of(answer, plan.run.seed).with_columns(*asked)


def command(request: Comparing, metric: str) -> str:
    """The command line that gives a comparison of layouts or structures again; empty for other variants."""
    variants = request.variants
    structures = list(dict.fromkeys(variant.structure for variant in variants))
    if all(structures):
        layouts = [layout for v in variants for layout in v.name.split(BETWEEN)[1:]]
        asked = f"--structures {','.join(structures)}"
        if layouts:
            asked += f" --layouts {','.join(dict.fromkeys(layouts))}"
    elif all(variant.name in LAYOUT for variant in variants):
        asked = f"--layouts {','.join(variant.name for variant in variants)}"
    else:
        return ""
    own = request.scenario in shipped()
    users = f" --users {request.users}" if own and request.elsewhere else ""
    return (
        f"matrixsim compare {request.scenario if own else 'scenario.toml'}{users} "
        f"{asked} --seeds {request.seeds} --metric {metric}"
    )
