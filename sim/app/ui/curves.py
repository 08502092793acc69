"""Further answers in words, then as a curve or table: budgets, numbers of accounts, each account."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import streamlit as st

from sim.analysis.advice import ADVISED
from sim.app.jobs.questions import Later
from sim.app.jobs.store import Answer
from sim.app.ui import look
from sim.app.ui.names import HUES, KINDS, column, in_units, metric_name, money
from sim.charts.curve import Point, curve_chart, curve_figure
from sim.charts.theme import PALETTES
from sim.language import plain
from sim.language.names import WAY
from sim.language.numbers import amount, common, scale, span
from sim.language.words import N_, NC_, Words
from sim.scenario.names import account_names

PER_CNY = 1000
"""Money that a marginal value is told for [CNY]."""
BOUNDED = ("mean", "low", "high")
SPENT = ("budget_cny", "cost_cny")
PER_YUAN = ("per_yuan", "per_yuan_low", "per_yuan_high")
Bounded = tuple[float | None, float | None, float | None]
"""A number and its interval; no number, or no interval, where there is none."""
Lines = list[tuple[str, str, list[Point]]]
"""Name, colour and points of each."""


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

    def mean(self, row: Mapping[str, Any], *beside: Mapping[str, Any]) -> tuple[look.Cell, str]:
        """A mean, beneath it on a phone its interval; and the interval; all with the sign of those beside."""
        kind, language = KINDS[self.request.metric], self.words.language
        like = common((found[key] for found in (row, *beside) for key in BOUNDED), language)
        around = span(row["low"], row["high"], kind, language, like=like)
        return look.Cell(amount(row["mean"], kind, language, like), around), around

    def change(self, found: Bounded, *beside: Bounded) -> tuple[look.Cell | str, str]:
        """A difference, beneath it on a phone its interval; and the interval; as `mean`."""
        if found[0] is None:
            return "–", "–"
        like = common(chain(found, *beside), self.words.language)
        said, around = difference(self.request.metric, found, self.words, like)
        return look.Cell(said, around), around

    def per_thousand(
        self, step: Mapping[str, Any], *beside: Mapping[str, Any]
    ) -> tuple[look.Cell | str, str]:
        """What each thousand CNY more adds from the budget before to a step's, and its interval."""
        return self.change(*(_per_thousand(found) for found in (step, *beside)))

    def curve(self, title: str, lines: Lines, across: str, beyond: tuple[float, str] | None = None) -> None:
        """Draws the heading and the curve; `beyond` marks from where on it is flat or cannot be told."""
        words, metric = self.words, self.request.metric
        st.header(title, anchor=False)
        look.note(in_units(words, words("Bars are 95 % intervals."), metric))
        if len(lines) > 1:
            look.legend([look.Mark(name, hue) for name, hue, _ in lines])
        chart = curve_chart(lines, KINDS[metric], words.language)
        figure = curve_figure(chart, words("Interval:"), across, look.ground(), beyond)
        look.chart(figure, f"curve_{self.request.key()[:12]}", title)


def difference(
    metric: str, found: Bounded, words: Words, like: float | None = None, *, signed: bool = True
) -> tuple[str, str]:
    """A difference of a metric, and its interval, with + or -; and with one sign of size."""
    kind = "points" if KINDS[metric] == "share" else KINDS[metric]
    mean, low, high = found[0] or 0.0, *found[1:]
    like = common(found, words.language) if like is None else like
    said = scale(abs(mean), kind, words.language, like=like if mean else None).text(mean, signed=signed)
    return said, span(low, high, kind, words.language, signed=signed, like=like)


def told(request: Later, answer: Answer, words: Words) -> list[str]:
    """An answer in words."""
    given = Drawing(request, answer, words)
    if request.kind == "budget":
        said = answer[f"text_{words.language}"]
        return [words("{metric} against budget: {told}", metric=given.label, told=said)]
    if request.kind == "accounts":
        return [way[f"text_{words.language}"] for way in answer["ways"]]
    lines, called = [], given.called()
    for code, said in ADVISED.items():
        if named := [called[row["account"]] for row in answer["accounts"] if row["advice"] == code]:
            lines.append(words(said, accounts=words.listed(named), seeds=answer["seeds"]))
    return lines


def draw(request: Later, answer: Answer, words: Words) -> None:
    """Draws an answer's curve and table."""
    draw_ = {"budget": _budgets, "accounts": _accounts, "review": _review}[request.kind]
    draw_(Drawing(request, answer, words))


def against_budget(given: Drawing, beyond: tuple[float, str] | None) -> str:
    """Draws the curve of results against budgets, with a mark at one; its title."""
    words, accent = given.words, PALETTES[look.ground()].accent
    title = words("{metric} against budget", metric=given.label)
    points = _points(
        given.answer["steps"], "budget_cny", lambda cny: words("{budget} CNY", budget=money(words, cny))
    )
    given.curve(title, [(given.label, accent, points)], words("Budget (CNY)"), beyond)
    return title


def _budgets(given: Drawing) -> None:
    words, steps, interval = given.words, given.answer["steps"], _interval(given.words)
    flat, unclear = given.answer["flat_from_cny"], given.answer["unclear_from_cny"]
    beyond = (unclear, words("from here: cannot be told")) if unclear is not None else None
    if flat is not None:
        beyond = flat, words("flat from here")
    title = against_budget(given, beyond)
    more = N_(
        "What each 1,000 CNY beyond the budget above (first row: over booking nobody) adds, seed by seed, "
        "with its interval."
    )
    columns = (
        look.Column(words("Budget (CNY)")),
        look.Column(given.label, words("Of the best mix that was found for this budget, on fresh seeds.")),
        interval,
        look.Column(words("Per 1,000 CNY more"), words(more)),
        interval,
        *creators_columns(words),
    )
    rows = [
        (
            budget,
            *given.mean(step, *steps),
            *given.per_thousand(step, *steps),
            ":".join(map(str, step["mix"]["creators"].values())),
            cost,
        )
        for step, budget, cost in zip(
            steps, *(column(words, [step[key] for step in steps]) for key in SPENT), strict=True
        )
    ]
    look.table(columns, rows, title)


def creators_columns(words: Words) -> tuple[look.Column, look.Column]:
    """Whom a mix books, and what they cost."""
    creators = words("Star : famous KOL : head : waist : junior : amateur.")
    return (
        look.Column(words("Creators"), creators, wide=True),
        look.Column(words("Creators' cost (CNY)"), words("What these creators cost together."), wide=True),
    )


def _accounts(given: Drawing) -> None:
    words, ways, interval = given.words, given.answer["ways"], _interval(given.words)
    title = words("{metric} against the number of accounts", metric=given.label)
    called = [WAY[way["way"]].label(words.language) for way in ways]
    lines = [
        (name, hue, _points(way["steps"], "accounts", lambda n: words("main + {n}", n=n)))
        for name, hue, way in zip(called, HUES, ways, strict=False)
    ]
    given.curve(title, lines, words("Accounts beside the main one"))
    more = words("What these accounts more bring, costs of accounts and posts in it where money counts.")
    right = words("Share of the races that kept the luckiest account.")
    columns = (
        look.Column(words("Accounts"), words("How posts are shared out, and accounts beside the main one.")),
        look.Column(given.label),
        interval,
        look.Column(words("Against the row above"), more),
        interval,
        look.Column(words(NC_("accounts", "Cost (CNY)")), wide=True),
        look.Column(words("Picked right"), right, wide=True),
    )
    steps = [step for way in ways for step in way["steps"]]
    rows = [
        (
            f"{name} · {step['accounts']}",
            *given.mean(step, *steps),
            *given.change(_more(step), *map(_more, steps)),
            money(words, step["cost_cny"]),
            "–" if step["right"] is None else amount(step["right"], "share", words.language),
        )
        for name, way in zip(called, ways, strict=True)
        for step in way["steps"]
    ]
    dots = [hue for hue, way in zip(HUES, ways, strict=False) for _ in way["steps"]]
    with st.expander(words("Every number of accounts")):
        look.table(columns, rows, title, dots)


def _review(given: Drawing) -> None:
    words, called, interval = given.words, given.called(), _interval(given.words)
    title = words("{metric} without each account", metric=given.label)
    st.header(title, anchor=False)
    said = N_(
        "Changes against the plan as written, {seeds} seeds, 95 % intervals; each holds by itself, so of "
        "twenty accounts one may seem to matter by luck."
    )
    look.note(words(said, seeds=given.answer["seeds"]))
    columns = (
        look.Column(words("Account")),
        look.Column(words("Advice")),
        look.Column(words("If it stops"), words("Its posts are not made, and what it boosts is not bought.")),
        interval,
        look.Column(words("If merged"), words("The main account publishes its posts.")),
        interval,
        look.Column(words("Cost if it stops (CNY)"), wide=True),
    )
    accounts = given.answer["accounts"]
    spent = common((row["stop"]["cost_cny"] for row in accounts), words.language)
    rows = [
        (
            called[row["account"]],
            plain.told(row[f"advice_{words.language}"], words),
            *given.change(*(_bounded(found["stop"]) for found in (row, *accounts))),
            *given.change(*(_bounded(found["merge"]) for found in (row, *accounts))),
            amount(row["stop"]["cost_cny"], "money", words.language, spent),
        )
        for row in accounts
    ]
    look.table(columns, rows, title)


def _per_thousand(step: Mapping[str, Any]) -> Bounded:
    mean, low, high = (None if step[key] is None else PER_CNY * step[key] for key in PER_YUAN)
    return mean, low, high


def _more(step: Mapping[str, Any]) -> Bounded:
    return step["more"], step["more_low"], step["more_high"]


def _bounded(row: Mapping[str, Any]) -> Bounded:
    return row["mean"], row["low"], row["high"]


def _interval(words: Words) -> look.Column:
    return look.Column(words("95 % interval"), wide=True)


def _points(steps: Sequence[Mapping[str, Any]], across: str, name: Callable[[float], str]) -> list[Point]:
    return [Point(step[across], name(step[across]), *(step[key] for key in BOUNDED)) for step in steps]
