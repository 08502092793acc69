"""What the page for the boss says: one page in front, what it rests on at the back.

Takes the files of a run or a comparison; gives a report of few parts. Every sentence and number is one that
the whole report has, or is worked out of comparison.json by what stands there: nothing is estimated here.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from sim.analysis.reasons import over_box
from sim.analysis.worth_told import worth_in
from sim.language.numbers import MINUS, Kind, amount, common, span, with_unit
from sim.language.vocabulary import METRIC, METRIC_KINDS
from sim.language.words import N_, NC_
from sim.report import comparison, risk, run, tables
from sim.report.basis import SIMULATED, UNKNOWN, assumed_value, maker, told
from sim.report.folder import ComparisonFiles, RunFiles
from sim.report.money import paying
from sim.report.parts import Block, Cell, Column, Figure, Report, Section, Table, Terms, Text
from sim.report.text import Say, clean, level
from sim.scenario.key_names import key_name
from sim.scenario.reference import assumed_rows
from sim.scenario.schema import Scenario

SPENT: Mapping[str, Kind] = {"cost_cny": "money", "gmv_cny": "money", "profit_cny": "money"}
LUCK = N_("This is one round: with other luck the same plan gives other numbers, and other hits.")
GROSS = "follows"
"""A key number that the page leaves out: beside the net one it reads as a contradiction."""
KEY_NUMBERS = 9
"""Of a run, the most asked for first (chosen)."""


class Sheet(NamedTuple):
    """A page for the boss."""

    front: Report
    """what was found, on one page"""
    back: Sequence[Section]
    """what it rests on, on another"""


def sheet(
    files: RunFiles | ComparisonFiles, language: str, instead: Mapping[str, str] = MappingProxyType({})
) -> Sheet:
    """The page for the boss of a run or a comparison.

    Args:
        files: of a folder that `run --out` or `compare --out` wrote.
        language: zh or en.
        instead: texts that its reader is told in other words, as `Words` takes them.
    """
    say = Say("zh" if language == "zh" else "en", instead)
    if isinstance(files, RunFiles):
        whole, parts, scenarios = run.run_report(files, language), _of_run(files, say), [files.scenario]
        title = clean(files.title or files.scenario.name)
    else:
        whole, parts = (
            comparison.comparison_report(files, language, instead=instead),
            _of_comparison(files, say),
        )
        scenarios = list(files.scenarios)
        metric = METRIC[files.comparison["metric"]].label(say.language)
        title = say("{name}: {metric}", name=clean(files.title), metric=metric) if files.title else metric
    made = say("Made with {maker}.", maker=maker(files.provenance))
    return Sheet(Report(say.language, title, whole.facts, parts, made), _rests_on(scenarios, say))


def _of_comparison(files: ComparisonFiles, say: Say) -> list[Section]:
    document, names = files.comparison, comparison.names_of(files, say)
    verdict, *warned = comparison.headline(files, say)
    best = max(document["variants"], key=lambda v: v["mean"])
    picture = [block for block in comparison.gap_to_best(files, say, "light") if isinstance(block, Figure)]
    return [
        Section("", [verdict]),
        Section(say("Gap to the best"), picture),
        Section(say("Money"), [*map(Text, paying(document, names, say)), _variants(document, names, say)]),
        Section(say("Risks and warnings"), [*_risks(document, best, names, say), *warned]),
        Section(say("What to do next"), _steps(_next(document, best, names, say))),
    ]


def _variants(document: Mapping[str, Any], names: Mapping[str, str], say: Say) -> Table:
    """Result and money of every variant, the highest mean first."""
    metric, language = document["metric"], say.language
    kind, hues = METRIC_KINDS[metric], comparison.colours(document, "light")
    levels = common((v[key] for v in document["variants"] for key in comparison.LEVELS), language)
    spent = {
        key: common((v[key] for v in document["variants"]), language)
        for key in SPENT
        if key != f"{metric}_cny"
    }
    rows = [
        (
            Cell(names[v["name"]], dot=hues[v["name"]]),
            Cell(amount(v["mean"], kind, language, levels), f"{v['mean']:,.6g}"),
            Cell(span(v["low"], v["high"], kind, language, like=levels)),
            Cell(amount(v["lower_tail"], kind, language, levels), f"{v['lower_tail']:,.6g}"),
            *(tables.money_cell(v[key], say, like) for key, like in spent.items()),
        )
        for v in sorted(document["variants"], key=lambda v: -v["mean"])
    ]
    columns = (
        Column(say(NC_("report", "Variant"))),
        Column(f"{METRIC[metric].label(language)}{_unit(metric, say)}"),
        Column(say("{level} % interval", level=level(document))),
        Column(say("Bad launch"), say("One launch in ten falls below this.")),
        *(Column(say.label(key), say.definition(key)) for key in spent),
    )
    return Table(say("Money"), columns, rows)


def _risks(
    document: Mapping[str, Any], best: Mapping[str, Any], names: Mapping[str, str], say: Say
) -> list[Block]:
    """What luck leaves open, and what being found out would cost."""
    metric, name = document["metric"], names[best["name"]]
    lines = []
    if len(document["variants"]) > 1 and document["verdict"]["code"] != "identical":
        lines.append(
            say(
                "A launch is one draw of luck: {name} came first in {share} of {seeds} simulated ones.",
                name=name, share=amount(best["first_share"], "share", say.language),
                seeds=int(document["seeds"]),
            )
        )  # fmt: skip
    if metric != "hit":
        lines.append(
            say(
                "One launch in ten of {name} ends below {tail} ({metric}); {share} of its launches have at "
                "least one hit video.",
                name=name,
                **_mark(metric, best["lower_tail"], say),
                share=amount(best["hit_probability"], "share", say.language),
            )
        )
    if document.get("robust") is not None:
        lines += over_box(document["robust"], names, say.language)
    found = risk.risked(document, names, say)
    return [*map(Text, lines), *([found] if found is not None else [])]


def _next(
    document: Mapping[str, Any], best: Mapping[str, Any], names: Mapping[str, str], say: Say
) -> list[str]:
    """What follows from the verdict, from what was not asked yet, and how a launch is held against it."""
    code, name = document["verdict"]["code"], names[best["name"]]
    open_ = [v for v in document["variants"] if v["difference_high"] is None or v["difference_high"] >= 0]
    cheapest = min(open_, key=lambda v: v["cost_cny"])
    facts = {"names": say.listed(names[v["name"]] for v in open_), "name": names[cheapest["name"]]}
    facts["cost"] = tables.money_cell(cheapest["cost_cny"], say).text
    if code in ("winner", "alone"):
        steps = [say("Go on with {name}.", name=name)]
    elif cheapest["cost_cny"] < max(v["cost_cny"] for v in open_):
        steps = [
            say(
                "Nothing here parts {names} for sure: of these {name} costs least ({cost}). "
                "More rounds, or a larger difference between plans, would tell.",
                **facts,
            )
        ]
    else:
        steps = [
            say(
                "Nothing here parts {names} for sure, and they cost the same: take what is easiest to run. "
                "More rounds, or a larger difference between plans, would tell.",
                **facts,
            )
        ]
    if all(v["profit_cny"] < 0 for v in document["variants"]):
        losing = say(
            "None of these pays as planned: first change what stands under Money, or know what the loss "
            "is for."
        )
        steps.insert(0, losing)
    if document.get("robust") is None:
        steps.append(
            say("Before money is spent: check whether this still holds if the assumptions are wrong.")
        )
    steps += worth_in(document, say.language)
    if document["metric"] != "hit":
        mark = _mark(document["metric"], best["lower_tail"], say)
        steps.append(
            say(
                "Agree on a mark now: after the same time a launch of {name} below {tail} ({metric}) did "
                "worse than nine in ten simulated ones, and is a reason to stop and look.",
                name=name,
                **mark,
            )
        )
    return steps


def _mark(metric: str, value: float, say: Say) -> dict[str, str]:
    """A value of a metric and what the metric is called, for a sentence."""
    own, language = METRIC[metric], say.language
    tail, _ = with_unit((value, value, value), metric, language, own.level(language))
    called = own.label("zh") if language == "zh" else own.said("en")
    return {"tail": tail.strip().replace("-", MINUS), "metric": called}


def _unit(metric: str, say: Say) -> str:
    """What a metric is counted in, behind its name at the head of a column."""
    unit = METRIC[metric].counted_in(say.language)
    return say(" ({unit})", unit=unit) if unit else ""


def _of_run(files: RunFiles, say: Say) -> list[Section]:
    gist, lines, *warned, _ = run.headline(files, say)
    picture = [block for block in run.by_hour(files, say, "light") if isinstance(block, Figure)]
    every = tables.key_numbers(files, say, KEY_NUMBERS).rows
    rows = [row for row in every if row[0].text != say.label(GROSS)]
    numbers = Terms([(row[0].text, row[1].text) for row in rows], [row[1].exact for row in rows])
    found = risk.found_out([files.summary], say)
    return [
        Section("", [gist, lines]),
        Section(say(NC_("report", "Hour by hour")), picture),
        Section(say("Key numbers"), [numbers]),
        Section(say("Risks and warnings"), [Text(say(LUCK)), *warned, *([Text(found)] if found else [])]),
        Section(say("What to do next"), _steps(_after_run(files, say))),
    ]


def _after_run(files: RunFiles, say: Say) -> list[str]:
    """What follows from one run: little, and where to look."""
    steps = [say("Compare this plan with others over many rounds before money is spent.")]
    accounts = files.tables["accounts"].filter(pl.col("role") != "creator")
    top = accounts.sort("follows", descending=True, maintain_order=True).row(0, named=True)
    if accounts.height > 1 and top["follows"]:
        steps.append(
            say(
                "Most new followers came on {account} ({follows}): see first what its posts did otherwise.",
                account=say.account(top["account"]),
                follows=amount(top["follows"], "count", say.language),
            )
        )
    return steps


def _steps(texts: Sequence[str]) -> list[Block]:
    return [Text(f"{k}. {text}") for k, text in enumerate(texts, 1)]


def _rests_on(scenarios: Sequence[Scenario], say: Say) -> list[Section]:
    """What was simulated, and every assumed number; where the scenario is not known, that alone is said."""
    if not scenarios:
        return [Section(say(NC_("report", "What this rests on")), [Text(say(UNKNOWN))])]
    rows = [
        (key_name(say, row.key), _with_range(assumed_value(row, value, say), span))
        for row, value, span in assumed_rows(scenarios)
    ]
    title = say("Assumed parameters ({count})", count=len(rows))
    return [
        Section(say(NC_("report", "What this rests on")), told(scenarios, say)),
        Section(title, [Text(say(SIMULATED), quiet=True), Terms(rows)]),
    ]


def _with_range(value: str, span: str) -> str:
    """A value and its plausible range, parted nowhere."""
    return f"{value} ({span})".replace(" – ", "\u00a0–\u00a0") if span else value
