"""Money of the variants of a comparison, and what would make each pay, as tables.

Takes rows of comparison.json; gives tables for the report and the command line. Works nothing out.
"""

from collections.abc import Mapping
from typing import Any

from sim.charts.numbers import amount, joined, scale
from sim.report.parts import Block, Cell, Column, Table, Text
from sim.report.text import Say

PLAN = ("cost_cny", "gmv_cny", "profit_cny")
EACH = ("return_per_cny", "cost_per_order_cny", "cost_per_fan_cny", "cpm_cny", "gpm_cny")
PAYS = ("gpm_cny", "price_cny", "fan_value_cny")


def money(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> list[Block]:
    """Both tables with a line on each; nothing for what an earlier version wrote."""
    if not all("break_even" in variant for variant in comparison["variants"]):
        return []
    level = f"{100 * comparison['interval']['confidence']:.4g}"
    return [
        Text(say("money_note"), quiet=True),
        spent(comparison, names, say),
        Text(say("break_even_note", level=level), quiet=True),
        pays(comparison, names, say),
    ]


def spent(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> Table:
    """What each variant costs and brings in, and what each order, fan and thousand people cost."""
    columns = (
        Column(say("variant")),
        *(Column(say.label(key), say.definition(key)) for key in PLAN),
        *(Column(say(key), say(f"{key}_meaning")) for key in EACH),
    )
    rows = [
        (Cell(names[v["name"]]), *(_cell(v[key], key, say) for key in (*PLAN, *EACH)))
        for v in _by_mean(comparison)
    ]
    return Table(say("money_title"), columns, rows, legend=True)


def pays(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> Table:
    """The GPM, the price and the worth of a fan from which on each variant pays."""
    columns = (Column(say("variant")), *(Column(say(f"pays_{key}")) for key in PAYS))
    rows = [
        (Cell(names[v["name"]]), *(Cell(_from(v["break_even"], key, say)) for key in PAYS))
        for v in _by_mean(comparison)
    ]
    return Table(say("break_even"), columns, rows)


def _by_mean(comparison: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(comparison["variants"], key=lambda v: -v["mean"])


def _cell(value: float | None, key: str, say: Say) -> Cell:
    if value is None:
        return Cell("–")
    if key == "return_per_cny":
        return Cell(f"{value:.2f}", f"{value:,.6g}")
    return Cell(f"¥{amount(value, 'money', say.language)}", f"{value:,.6g}")


def _from(limits: Mapping[str, float | None], key: str, say: Say) -> str:
    value, low, high = (limits[f"{key}{end}"] for end in ("", "_low", "_high"))
    if value is None:
        return say("pays_never")
    text = f"¥{amount(value, 'money', say.language)}"
    if low is None:
        return text
    if high is None:
        more = "≥ " if say.language == "en" else "≥"
        return f"{text} ({more}{amount(low, 'money', say.language)})"
    return f"{text} ({joined(scale(max(low, high), 'money', say.language), low, high, say.language)})"
