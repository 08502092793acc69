"""A run or a comparison as a file to hand on: the whole report as HTML, the page for the boss otherwise.

Takes its files, a form and a brand; gives the file's content. HTML and Excel need no browser, PDF and PNG do.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

import polars as pl

from sim.charts.paper import printed
from sim.language.names import HEAD, REASON, ROLE, TIER
from sim.language.vocabulary import METRIC, METRIC_KINDS, QUANTITIES
from sim.language.words import NC_, Language
from sim.report import boss
from sim.report.brand import Brand
from sim.report.comparison import comparison_report, names_of
from sim.report.folder import ComparisonFiles, RunFiles
from sim.report.page import html, sheet_html
from sim.report.parts import Report
from sim.report.run import run_report
from sim.report.text import Say
from sim.report.workbook import workbook

Form = Literal["html", "pdf", "png", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)
RUN_TABLES = {"accounts": NC_("sheet", "Accounts"), "videos": NC_("sheet", "Videos")}
"""Tables of a run that a workbook has beside the page."""
RESULT, HIT = ("mean", "low", "high", "lower_tail"), "hit_probability"
"""Of each plan of a comparison: by its metric, and beside it."""
HEADED = {*HEAD, *QUANTITIES, "mean"}
"""Columns that have a name for people; what the mean is of the metric says."""


def written(files: RunFiles | ComparisonFiles, form: Form, language: str, brand: Brand) -> bytes:
    """The file's content.

    Args:
        files: of a folder that `run --out` or `compare --out` wrote.
        form: html for the whole report, pdf, png and xlsx for the page for the boss.
        language: zh or en.
        brand: logo and colour of the page for the boss.
    Raises:
        RunError: there is no browser to print with.
    """
    if form == "html":
        return html(whole(files, language)).encode()
    found = boss.sheet(files, language)
    if form == "xlsx":
        return workbook(found, brand, tables_of(files, found.front.language))
    return printed(sheet_html(found, brand, form), form)


def whole(files: RunFiles | ComparisonFiles, language: str) -> Report:
    """The whole report."""
    if isinstance(files, RunFiles):
        return run_report(files, language)
    return comparison_report(files, language)


def tables_of(files: RunFiles | ComparisonFiles, language: Language) -> dict[str, pl.DataFrame]:
    """What one reckons on with, by its name, columns called as a reader does.

    Accounts and videos of a run; of a comparison its plans and single launches.
    """
    say = Say(language)
    if isinstance(files, RunFiles):
        return {say(name): named(files.tables[table], say) for table, name in RUN_TABLES.items()}
    key, names = files.comparison["metric"], names_of(files, say)
    more = [name for name in (HIT, *boss.SPENT) if name not in {f"{key}_cny", f"{key}_probability"}]
    columns = [pl.col("name").alias("variant"), *map(pl.col, (*RESULT, *more))]
    plans = pl.DataFrame(files.comparison["variants"]).select(columns)
    if METRIC_KINDS[key] == "share":
        plans = plans.with_columns(pl.col(*RESULT) * 100)
    unit = "%" if METRIC_KINDS[key] == "share" else METRIC[key].counted_in(language)
    mean = METRIC[key].label(language) + (say(" ({unit})", unit=unit) if unit else "")
    return {
        say(NC_("sheet", "Plans")): named(plans, say, names).rename({"mean": mean}),
        say("Single launches"): named(files.replications, say, names),
    }


def named(frame: pl.DataFrame, say: Say, variants: Mapping[str, str] = MappingProxyType({})) -> pl.DataFrame:
    """A table as its reader calls it: heads with units, what stands in words, shares as percentages.

    Columns without a name for people, such as digests of a launch, are left out.

    Args:
        frame: of a run or a comparison.
        say: in which language.
        variants: what to call them.
    """
    told = {"role": ROLE, "tier": TIER, "stop_reason": REASON}
    columns = []
    for name in (name for name in frame.columns if name in HEADED):
        column, entries = pl.col(name), told.get(name, {})
        if name in told:
            column = column.replace({key: entry.label(say.language) for key, entry in entries.items()})
        elif name == "variant":
            column = column.replace(dict(variants))
        elif name.endswith(("_rate", "_probability")):
            column = column * 100
        columns.append(column.alias(_head(name, say)))
    return frame.select(columns)


def _head(name: str, say: Say) -> str:
    if entry := HEAD.get(name):
        return entry.label(say.language)
    unit = say(" ({unit})", unit=say("CNY")) if name.endswith("_cny") else ""
    return QUANTITIES[name].label(say.language) + unit if name in QUANTITIES else name
