"""Further answers about something else than what stands above: budgets, numbers of accounts, each account.

Each in words first, then a curve or a table of what the command's own analysis gave. Computes nothing itself.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from sim.analysis.advice import ADVISED
from sim.app.jobs.questions import Later
from sim.app.jobs.store import Answer
from sim.app.ui import look
from sim.app.ui.names import HUES, KINDS, metric_name, metric_unit
from sim.charts.curve import Point, curve_chart, curve_figure
from sim.charts.numbers import amount, scale, short, span
from sim.charts.theme import PALETTES
from sim.language.names import WAY
from sim.language.words import NC_, Words
from sim.scenario.names import account_names

PER_CNY = 1000
"""Money that a marginal value is told for [CNY]."""


class Drawing(NamedTuple):
    """What is drawn of an answer."""

    request: Later
    answer: Answer
    words: Words

    @property
    def label(self) -> str:
        """The metric's name."""
        return metric_name(self.words, self.request.metric)

    def called(self) -> Mapping[str, str]:
        """What the accounts of a review are called, by id."""
        ids = tuple(row["account"] for row in self.answer["accounts"])
        return account_names(ids, self.words.language)

    def money(self, cny: float) -> str:
        """An amount of CNY without its unit."""
        return short(round(cny), self.words.language)

    def mean(self, row: Mapping[str, Any]) -> look.Cell:
        """A mean; beneath it, on a phone, its interval."""
        kind = KINDS[self.request.metric]
        return look.Cell(amount(row["mean"], kind, self.words.language), self.interval(row).text)

    def interval(self, row: Mapping[str, Any]) -> look.Cell:
        """The interval of a mean."""
        return look.Cell(span(row["low"], row["high"], KINDS[self.request.metric], self.words.language))

    def change(
        self, mean: float | None, low: float | None, high: float | None
    ) -> tuple[look.Cell, look.Cell]:
        """A difference, beneath it on a phone its interval; and the interval."""
        if mean is None:
            return look.Cell("–"), look.Cell("–")
        kind, language = KINDS[self.request.metric], self.words.language
        kind = "points" if kind == "share" else kind
        told = scale(abs(mean), kind, language).text(mean, signed=True)
        around = span(low, high, kind, language, signed=True)
        return look.Cell(told, around), look.Cell(around)

    def title(self, said: str) -> None:
        """A heading, and the unit."""
        words = self.words
        st.subheader(said, anchor=False)
        unit = metric_unit(words, self.request.metric)
        note = words("Bars are 95 % intervals.")
        look.note(note + words(" Unit: {unit}.", unit=unit) if unit else note)


def told(request: Later, answer: Answer, words: Words) -> list[str]:
    """An answer in words."""
    return _TOLD[request.kind](Drawing(request, answer, words))


def draw(request: Later, answer: Answer, words: Words) -> None:
    """Draws an answer's curve and table."""
    _DRAWN[request.kind](Drawing(request, answer, words))


def _budgets_told(given: Drawing) -> list[str]:
    words = given.words
    said = given.answer[f"text_{words.language}"]
    return [words("{metric} against budget: {told}", metric=given.label, told=said)]


def _budgets_drawn(given: Drawing) -> None:
    words, steps, palette = given.words, given.answer["steps"], PALETTES[look.ground()]
    title = words("{metric} against budget", metric=given.label)
    given.title(title)
    points = [
        Point(
            step["budget_cny"],
            words("{budget} CNY", budget=given.money(step["budget_cny"])),
            step["mean"],
            step["low"],
            step["high"],
        )
        for step in steps
    ]
    flat, unclear = given.answer["flat_from_cny"], given.answer["unclear_from_cny"]
    beyond = None
    if flat is not None or unclear is not None:
        beyond = (
            (flat, words("flat from here"))
            if flat is not None
            else (unclear, words("from here: cannot be told"))
        )
    _curve(given, [(given.label, palette.accent, points)], title, words("Budget (CNY)"), beyond)
    columns = (
        look.Column(words("Budget (CNY)"), ""),
        look.Column(given.label, words("Of the best mix that was found for this budget, on fresh seeds.")),
        look.Column(words("95 % interval"), "", wide=True),
        look.Column(
            words("Per 1,000 CNY more"),
            words(
                "What each 1,000 CNY beyond the budget above (first row: over booking nobody) adds, seed "
                "by seed, with its interval."
            ),
        ),
        look.Column(words("95 % interval"), "", wide=True),
        look.Column(
            words("Creators"), words("Star : famous KOL : head : waist : junior : amateur."), wide=True
        ),
        look.Column(words("Creators' cost (CNY)"), words("What these creators cost together."), wide=True),
    )
    rows = []
    for step in steps:
        per = [
            None if (value := step[key]) is None else PER_CNY * value
            for key in ("per_yuan", "per_yuan_low", "per_yuan_high")
        ]
        rows.append(
            (
                look.Cell(given.money(step["budget_cny"])),
                given.mean(step),
                given.interval(step),
                *given.change(*per),
                look.Cell(":".join(map(str, step["mix"]["creators"].values()))),
                look.Cell(given.money(step["cost_cny"])),
            )
        )
    look.table(columns, rows, [""] * len(rows), title)


def _accounts_told(given: Drawing) -> list[str]:
    return [way[f"text_{given.words.language}"] for way in given.answer["ways"]]


def _accounts_drawn(given: Drawing) -> None:
    words, ways = given.words, given.answer["ways"]
    title = words("{metric} against the number of accounts", metric=given.label)
    given.title(title)
    hues = dict(zip((way["way"] for way in ways), HUES, strict=False))
    look.legend([look.Mark(WAY[way["way"]].label(words.language), hues[way["way"]]) for way in ways])
    lines = [
        (
            WAY[way["way"]].label(words.language),
            hues[way["way"]],
            [
                Point(s["accounts"], words("main + {n}", n=s["accounts"]), s["mean"], s["low"], s["high"])
                for s in way["steps"]
            ],
        )
        for way in ways
    ]
    _curve(given, lines, title, words("Accounts beside the main one"))
    columns = (
        look.Column(words("Accounts"), words("How posts are shared out, and accounts beside the main one.")),
        look.Column(given.label, ""),
        look.Column(words("95 % interval"), "", wide=True),
        look.Column(
            words("Against the row above"),
            words("What these accounts more bring, costs of accounts and posts in it where money counts."),
        ),
        look.Column(words("95 % interval"), "", wide=True),
        look.Column(words(NC_("accounts", "Cost (CNY)")), "", wide=True),
        look.Column(
            words("Picked right"), words("Share of the races that kept the luckiest account."), wide=True
        ),
    )
    rows, dots = [], []
    for way in ways:
        for step in way["steps"]:
            right = step["right"]
            rows.append(
                (
                    look.Cell(f"{WAY[way['way']].label(words.language)} · {step['accounts']}"),
                    given.mean(step),
                    given.interval(step),
                    *given.change(step["more"], step["more_low"], step["more_high"]),
                    look.Cell(given.money(step["cost_cny"])),
                    look.Cell("–" if right is None else amount(right, "share", words.language)),
                )
            )
            dots.append(hues[way["way"]])
    with st.expander(words("Every number of accounts")):
        look.table(columns, rows, dots, title)


def _review_told(given: Drawing) -> list[str]:
    words, lines, called = given.words, [], given.called()
    for code, said in ADVISED.items():
        named = [called[row["account"]] for row in given.answer["accounts"] if row["advice"] == code]
        if named:
            lines.append(words(said, accounts=words.listed(named), seeds=given.answer["seeds"]))
    return lines


def _review_drawn(given: Drawing) -> None:
    words = given.words
    title, called = words("{metric} without each account", metric=given.label), given.called()
    st.subheader(title, anchor=False)
    look.note(
        words(
            "Changes against the plan as written, {seeds} seeds, 95 % intervals; each holds by itself, so of "
            "twenty accounts one may seem to matter by luck.",
            seeds=given.answer["seeds"],
        )
    )
    columns = (
        look.Column(words("Account"), ""),
        look.Column(words("Advice"), ""),
        look.Column(words("If it stops"), words("Its posts are not made, and what it boosts is not bought.")),
        look.Column(words("95 % interval"), "", wide=True),
        look.Column(words("If merged"), words("The main account publishes its posts.")),
        look.Column(words("95 % interval"), "", wide=True),
        look.Column(words("Cost if it stops (CNY)"), "", wide=True),
    )
    rows = [
        (
            look.Cell(called[row["account"]]),
            look.Cell(row[f"advice_{words.language}"]),
            *(
                cell
                for way in ("stop", "merge")
                for cell in given.change(row[way]["mean"], row[way]["low"], row[way]["high"])
            ),
            look.Cell(amount(row["stop"]["cost_cny"], "money", words.language)),
        )
        for row in given.answer["accounts"]
    ]
    look.table(columns, rows, [""] * len(rows), title)


def _curve(
    given: Drawing,
    lines: list[tuple[str, str, list[Point]]],
    title: str,
    across: str,
    beyond: tuple[float, str] | None = None,
) -> None:
    words = given.words
    chart = curve_chart(lines, KINDS[given.request.metric], words.language)
    st.plotly_chart(
        curve_figure(chart, words("Interval:"), across, look.ground(), beyond),
        key=f"curve_{given.request.key()[:12]}",
        config={"displayModeBar": False, "scrollZoom": False},
        alt=title,
    )


_TOLD: dict[str, Callable[[Drawing], list[str]]] = {
    "budget": _budgets_told,
    "accounts": _accounts_told,
    "review": _review_told,
}
_DRAWN: dict[str, Callable[[Drawing], None]] = {
    "budget": _budgets_drawn,
    "accounts": _accounts_drawn,
    "review": _review_drawn,
}
"""By kind of request."""
