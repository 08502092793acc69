"""What a comparison's report says: which variant is best, how sure that is, and what it rests on.

Takes the files of a comparison; gives a report. The verdict's sentence and every interval stand
in comparison.json: nothing is estimated here, and nothing is advised where intervals overlap.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sim.analysis.named import capitalised, layout_name, structure_name
from sim.analysis.platforms import agreement, model_name
from sim.analysis.standings import often_tied, standings
from sim.charts.intervals import Standing, interval_chart, interval_figure, standing_of
from sim.charts.luck import luck_chart, luck_figure
from sim.charts.theme import PALETTES, Ground
from sim.language import plain
from sim.language.numbers import MINUS, RARE, Kind, amount, common, scale, span
from sim.language.vocabulary import METRIC, METRICS
from sim.language.vocabulary import METRIC_KINDS as KINDS
from sim.language.words import N_, NC_
from sim.report.basis import SIMULATED, UNKNOWN, again_facts, assumed, footer, since, told
from sim.report.bridge import bridge
from sim.report.folder import ComparisonFiles
from sim.report.money import money
from sim.report.parts import Block, Callout, Cell, Code, Column, Figure, Fold, Report, Section, Table, Text
from sim.report.reasons import in_doubt, why
from sim.report.risk import of_comparison
from sim.report.text import LONGEST, Say, clean, level

FEW_SEEDS = 8
"""Below which the report warns that intervals are wide (chosen)."""

CHANCES = ("probability_best", "first_share", "hit_probability")
LEVELS = ("mean", "low", "high", "lower_tail")
GAPS = ("difference", "difference_low", "difference_high")
"""Of a variant: what stands in its table with one sign."""
INTERVALS = (
    N_("paired Student t"),
    N_("paired Student t, in two parts where many differences are alike"),
    N_("paired Student t, in two parts where many differences are 0"),
)
"""Kinds of interval that a comparison has, or had in earlier versions."""
SHARES = {
    "probability_best": (
        N_("Probability best"),
        N_("How probable it is, after these seeds, that its true mean is the highest. Few seeds say little."),
    ),
    "first_share": (
        N_("First share"),
        NC_("report", "Share of seeds in which it came first: what a single launch faces."),
    ),
    "hit_probability": (
        "",  # the metric's name
        NC_("report", "Share of seeds with at least one hit video."),
    ),
    "lower_tail": (N_("Bad launch"), N_("One launch in ten falls below this.")),
}
"""Columns of one launch's odds: title and meaning."""


def comparison_report(
    files: ComparisonFiles,
    language: str,
    ground: Ground = "light",
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """The report of a comparison.

    Args:
        files: of a folder that `compare --out` wrote, or what the app knows of one.
        language: zh or en.
        ground: that the figures stand on; a file is light.
        instead: texts that its reader is told in other words, as `Words` takes them.
    """
    say = Say("zh" if language == "zh" else "en", instead)
    comparison = files.comparison
    metric = _label(comparison["metric"], say)
    title = (
        say("Report of a comparison: {name}, {metric}", name=clean(files.title), metric=metric)
        if files.title
        else say("Report of a comparison: {metric}", metric=metric)
    )
    sections = [
        Section("", [*headline(files, say, ground), Text(say(SIMULATED), quiet=True)]),
        Section(say("Gap to the best"), gap_to_best(files, say, ground)),
        *why(comparison, names_of(files, say), say, ground),
        Section(say("All numbers"), [table(comparison, names_of(files, say), say, ground)]),
        *([Section(say("Money"), spent)] if (spent := _money(files, say, ground)) else []),
        *(
            [Section(say("Enforcement"), risky)]
            if (risky := of_comparison(comparison, names_of(files, say), say))
            else []
        ),
        *in_doubt(comparison, names_of(files, say), say, ground),
        *_luck(files, say, ground),
        Section(say("How sure this is"), _how_sure(files, say)),
        Section(say(NC_("report", "What this rests on")), _rests_on(files, say)),
    ]
    if again := _again(files, say):
        sections.append(Section(say("Get it again"), again))
    return Report(say.language, title, _facts(files, say), sections, footer(files.provenance, say))


def headline(files: ComparisonFiles, say: Say, ground: Ground = "light") -> list[Block]:
    """The verdict, in one sentence."""
    verdict = files.comparison["verdict"]
    text = verdict["text_zh" if say.language == "zh" else "text_en"]
    # What is too rare to tell stands in the verdict itself.
    warnings = [w for w in files.comparison.get("warnings", ()) if w["code"] != "rare_differences"]
    return [
        Callout(
            clean(plain.told(text, say), 2000), colours(files.comparison, ground)[_top(files.comparison)]
        ),
        *_across(files.comparison.get("platforms", {}), say),
        *(Text(clean(plain.told(warning[f"text_{say.language}"], say), 2000)) for warning in warnings),
    ]


def _across(platforms: Mapping[str, Any], say: Say) -> list[Block]:
    """Whether the verdict holds under every platform model, and what each says."""
    if not platforms:
        return []
    colon = "：" if say.language == "zh" else ": "
    told = [
        clean(f"{model_name(model, say.language)}{colon}{verdict[f'text_{say.language}']}", 2000)
        for model, verdict in platforms.items()
    ]
    return [Text(agreement(platforms, say.language)), *(Text(line, quiet=True) for line in told)]


def names_of(files: ComparisonFiles, say: Say) -> dict[str, str]:
    """What to call the variants: as the caller says, else their own names with layouts in words."""
    found = {}
    for variant in files.comparison["variants"]:
        name = variant["name"]
        spoken = say.language == "en"
        parts = [
            layout_name(
                structure_name(part, say.language, in_sentence=spoken), say.language, in_sentence=spoken
            )
            for part in name.split(" · ")
        ]
        own = " · ".join(map(capitalised, parts))
        found[name] = clean(files.names.get(name, own), LONGEST) or "–"
    return found


def table(
    comparison: Mapping[str, Any], names: Mapping[str, str], say: Say, ground: Ground = "light"
) -> Table:
    """Every number of every variant, the highest mean first."""
    kind, language, hues = KINDS[comparison["metric"]], say.language, colours(comparison, ground)
    step: Kind = "points" if kind == "share" else kind
    gains = any(v.get("matrix_gain") is not None for v in comparison["variants"])
    variants, rows = sorted(comparison["variants"], key=lambda v: -v["mean"]), []
    levels, gaps = (common((v[key] for v in variants for key in keys), language) for keys in (LEVELS, GAPS))
    for v in variants:
        gap = "–"
        if v["difference_low"] is None:
            gap = say(RARE)
        elif v["name"] != _top(comparison):
            limits = span(v["difference_low"], v["difference_high"], step, language, signed=True, like=gaps)
            gap = f"{_signed(v['difference'], step, gaps, say)} ({limits})"
        around = span(v["low"], v["high"], kind, language, like=levels)
        cells = [
            Cell(names[v["name"]], dot=hues[v["name"]]),
            Cell(amount(v["mean"], kind, language, levels), f"{v['mean']:,.6g}", small=around),
            Cell(around),
            Cell(gap),
            *([Cell(standings(v, language) or "–")] if often_tied(comparison) else []),
            *(Cell(amount(v[key], "share", language)) for key in CHANCES),
            Cell(amount(v["lower_tail"], kind, language, levels)),
        ]
        if gains:
            gain = v.get("matrix_gain")
            cells.append(Cell("" if gain is None else f"{100 * gain:+.2f}%".replace("-", MINUS)))
        rows.append(tuple(cells))
    metric = _label(comparison["metric"], say)
    columns = [
        Column(say(NC_("report", "Variant"))),
        Column(say("Mean"), say(NC_("report", "{metric}, averaged over the seeds."), metric=metric)),
        Column(
            say("{level} % interval", level=level(comparison)),
            say(
                "The mean lies in it unless luck was unusual. It holds the luck that all variants share: "
                "compare by the gap."
            ),
        ),
        Column(
            say(NC_("column", "Gap to the best")),
            say(
                "Difference to the highest mean, seed by seed, with its interval. If the interval holds "
                "0, the two cannot be told apart."
            ),
        ),
        *(
            [
                Column(
                    say("Win / tie / lose"),
                    say(
                        "Share of launches in which it did better than, exactly as well as, and worse "
                        "than the best, with exact intervals."
                    ),
                    words=True,
                )
            ]
            if often_tied(comparison)
            else []
        ),
        *(
            Column(say(title) if title else METRIC["hit"].label(say.language), say(meaning))
            for title, meaning in SHARES.values()
        ),
    ]
    if gains:
        columns.append(
            Column(
                say.label("matrix_gain"),
                say("Mean reach with links over reach with links cut, same seeds, less 1."),
            )
        )
    return Table(say("All numbers"), columns, rows, legend=True)


def _money(files: ComparisonFiles, say: Say, ground: Ground) -> list[Block]:
    """What each variant costs and brings in, and what leads from the runner-up to the best."""
    names = names_of(files, say)
    ranked = sorted(files.comparison["variants"], key=lambda v: -v["mean"])
    ends = (ranked[1]["name"], ranked[0]["name"]) if len(ranked) > 1 else None
    return [
        *money(files.comparison, names, say),
        *(bridge(files, ends, names, say, ground) if ends is not None else ()),
    ]


def gap_to_best(files: ComparisonFiles, say: Say, ground: Ground) -> list[Block]:
    """How far each variant is behind, as the main picture."""
    comparison = files.comparison
    chart = interval_chart(comparison, names_of(files, say), KINDS[comparison["metric"]], say.language)
    return [
        Text(
            say(
                "All variants had the same luck and are compared seed by seed; bars are {level} % "
                "intervals. Grey cannot be told apart from the best.",
                level=level(comparison),
            ),
            quiet=True,
        ),
        Figure("gap", say("Gap to the best"), interval_figure(chart, say, ground)),
    ]


def _luck(files: ComparisonFiles, say: Say, ground: Ground) -> list[Section]:
    """One dot a launch, where the metric is a number and every variant has its replications."""
    comparison, runs = files.comparison, files.replications
    metric, key = comparison["metric"], METRICS[comparison["metric"]]
    if metric == "hit" or key not in runs.columns or not runs.schema[key].is_numeric():
        return []
    runs = runs.drop_nulls(key).filter(runs[key].is_finite() if runs.schema[key].is_float() else True)
    values = {
        v["name"]: runs.filter(variant=v["name"]).sort("seed")[key].to_list() for v in comparison["variants"]
    }
    if not all(values.values()):
        return []
    seeds = runs.filter(variant=comparison["variants"][0]["name"]).sort("seed")["seed"].to_list()
    hues, kind = colours(comparison, ground), KINDS[metric]
    chart = luck_chart(values, names_of(files, say), hues, kind, say.language)
    shown = [say("Seed {seed}", seed=seed) for seed in seeds]
    figure = luck_figure(chart, shown, say("mean"), kind, say.language, ground)
    return [
        Section(
            say("What single launches gave"),
            [
                Text(
                    say(
                        "One dot is one launch (one seed), the line is the mean. How far the dots of a "
                        "variant lie apart is luck."
                    ),
                    quiet=True,
                ),
                Figure("launches", say("What single launches gave"), figure),
            ],
        )
    ]


def _how_sure(files: ComparisonFiles, say: Say) -> list[Block]:
    comparison = files.comparison
    sure, seeds = level(comparison), int(comparison["seeds"])
    confidence = f"{100 * comparison['confidence']:.4g}"
    lines = [
        say(
            "It rests on {seeds} seeds. Each seed is one course of luck, and every variant went through "
            "the same ones.",
            seeds=seeds,
        )
    ]
    kind = say(clean(comparison["interval"]["kind"]))
    lines.append(
        say(
            "The verdict is meant to be right in {confidence} % of such comparisons. Intervals: {kind}, "
            "{level} % each.",
            confidence=confidence,
            kind=kind,
            level=sure,
        )
    )
    if comparison["interval"]["confidence"] > comparison["confidence"]:
        lines.append(
            say(
                "They are stricter than the verdict because the seeds were added until the ranking was "
                "settled."
            )
        )
    if comparison.get("stopped"):
        lines.append(say("It was stopped early: with more seeds the verdict can still change."))
    if len(comparison["variants"]) > 1 and comparison["verdict"]["code"] != "identical":
        top = next(v for v in comparison["variants"] if v["name"] == _top(comparison))
        share = amount(top["first_share"], "share", say.language)
        lines.append(
            say(
                "A single launch is one draw of luck. {name} has the highest mean, and came first in "
                "{share} of the seeds.",
                name=names_of(files, say)[top["name"]],
                share=share,
            )
        )
    if seeds < FEW_SEEDS:
        lines.append(say("With so few seeds the intervals are wide; take sixteen or more before you decide."))
    return [Text(line) for line in lines]


def _rests_on(files: ComparisonFiles, say: Say) -> list[Block]:
    if not files.scenarios:
        return [Text(say(UNKNOWN))]
    blocks = told(files.scenarios, say)
    if len(files.scenarios) > 1:
        blocks.insert(0, Text(say("What all variants share:")))
    return [*blocks, *since(files.later, say), assumed(files.scenarios, say, files.later)]


def _again(files: ComparisonFiles, say: Say) -> list[Block]:
    blocks: list[Block] = []
    if files.command:
        blocks += [
            Text(say("With the same version of matrixsim this gives the same numbers:")),
            Code(files.command),
        ]
    if files.provenance:
        facts = again_facts(files.provenance, say)
        rows = [(Cell(name), Cell(clean(text))) for name, text in facts.items() if text]
        blocks.append(Table(say("Get it again"), (Column(""), Column("", words=True)), rows))
    if files.scenario_toml:
        blocks.append(
            Fold(say("The scenario, complete (scenario.toml)"), [Code(files.scenario_toml)], on_paper=False)
        )
    for name, text in files.files.items():
        blocks.append(Fold(say("A scenario, complete ({file})", file=name), [Code(text)], on_paper=False))
    return blocks


def _facts(files: ComparisonFiles, say: Say) -> str:
    comparison, runs = files.comparison, files.replications
    facts = {"variants": len(comparison["variants"]), "seeds": int(comparison["seeds"])}
    users, hours = (runs[key].unique().to_list() if key in runs.columns else [] for key in ("users", "hours"))
    if len(users) == len(hours) == 1:
        return say(
            "{variants} variants · {seeds} seeds each · {users} people · {hours} h",
            users=say.number(users[0]),
            hours=hours[0],
            **facts,
        )
    return say("{variants} variants · {seeds} seeds each", **facts)


def colours(comparison: Mapping[str, Any], ground: Ground) -> dict[str, str]:
    """The colour of each variant's standing, by name."""
    palette = PALETTES[ground]
    hues: dict[Standing, str] = {"best": palette.accent, "tied": palette.muted, "worse": palette.behind}
    return {name: hues[standing] for name, standing in standing_of(comparison).items()}


def _top(comparison: Mapping[str, Any]) -> str:
    return str(max(comparison["variants"], key=lambda v: v["mean"])["name"])


def _label(metric: str, say: Say) -> str:
    return METRIC[metric].said(say.language)


def _signed(value: float, kind: Kind, like: float, say: Say) -> str:
    return scale(abs(value), kind, say.language, like=like).text(value, signed=True) if value else "0"
