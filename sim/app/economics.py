"""Money of a comparison on the page: what the first brings back, what would make it pay, and a table.

Takes rows of comparison.json and draws them; the words of the tables are the report's. Works nothing out.
"""

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from sim.analysis.money import FEWEST
from sim.app import look
from sim.charts.numbers import amount
from sim.language.words import N_, Words
from sim.report.money import BREAK_EVEN, SPENT, pays, spent
from sim.report.parts import Table
from sim.report.text import Say

WIDE = (2, 6, 7, 8)
"""Columns that a phone leaves out: sales, cost per fan, per thousand people, GPM."""


def known(comparison: Mapping[str, Any]) -> bool:
    """Whether its variants have money; one of an earlier version has none."""
    return all("break_even" in variant for variant in comparison["variants"])


def told(comparison: Mapping[str, Any], names: Mapping[str, str], words: Words) -> list[str]:
    """What the first variant brings back for each yuan, and what would make it pay, in words."""
    if not known(comparison):
        return []
    top = max(comparison["variants"], key=lambda v: v["mean"])
    name, back = names[top["name"]], top["return_per_cny"]
    if back is None:
        return []
    if back >= 1.0:
        line = words("{name} pays: each yuan spent brings back {back}.", name=name, back=f"{back:.2f}")
        return [line[:1].upper() + line[1:]]
    lines = []
    warned = any(row["code"] == "loses_money" for row in comparison["warnings"])
    if not warned and comparison["verdict"]["code"] not in ("winner", "alone"):  # there the verdict says it
        facts = {"name": name, "back": f"{max(back, 0.0):.2f}"}
        lines.append(words("{name} loses money: each yuan spent brings back {back}.", **facts))
    if needs := _needs(top, words):
        either = words(", or ").join(needs)
        lines.append(words("{name} would pay with {either}, all else as it is.", name=name, either=either))
    return [line[:1].upper() + line[1:] for line in lines]


def _needs(variant: Mapping[str, Any], words: Words) -> list[str]:
    """What would make it pay, each alone."""
    needed = {
        key: amount(value, "money", words.language)
        for key in ("gpm_cny", "price_cny", "fan_value_cny")
        if (value := variant["break_even"][key]) is not None
    }
    now = "–" if variant["gpm_cny"] is None else amount(variant["gpm_cny"], "money", words.language)
    said = {
        "gpm_cny": N_("sales of CNY {needed} per 1,000 plays (now {now})"),
        "price_cny": N_("a price of CNY {needed}"),
        "fan_value_cny": N_("a new fan worth CNY {needed}"),
    }
    return [words(said[key], needed=value, now=now) for key, value in needed.items()]


def draw(
    comparison: Mapping[str, Any], names: Mapping[str, str], colours: Mapping[str, str], words: Words
) -> None:
    """Draws what each variant costs and brings in; what would make each pay is folded."""
    if not known(comparison):
        return
    say = Say(words.language)
    order = sorted(comparison["variants"], key=lambda v: -v["mean"])
    dots = [colours[variant["name"]] for variant in order]
    st.subheader(say("Money"), anchor=False)
    look.note(say(SPENT))
    _table(spent(comparison, names, say), dots, WIDE)
    with st.expander(say("What would make it pay")):
        level = f"{100 * comparison['interval']['confidence']:.4g}"
        look.note(say(BREAK_EVEN, level=level, fewest=FEWEST))
        _table(pays(comparison, names, say), dots)


def _table(table: Table, dots: list[str], wide: Collection[int] = ()) -> None:
    columns = [look.Column(c.title, c.meaning, wide=k in wide) for k, c in enumerate(table.columns)]
    rows = [[look.Cell(cell.text) for cell in row] for row in table.rows]
    look.table(columns, rows, dots, table.title)
