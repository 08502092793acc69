"""Money of the variants of a comparison, and what would make each pay, as tables.

Takes rows of comparison.json; gives tables for the report and the command line. Works nothing out.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from sim.analysis.money import FEWEST
from sim.language.numbers import MINUS, amount, common, span
from sim.language.words import N_, NC_, Words, begun
from sim.report.parts import Block, Cell, Column, Table, Text
from sim.report.text import Say, level

PLAN = ("cost_cny", "gmv_cny", "profit_cny")
EACH = {
    "return_per_cny": (
        N_("Back per yuan"),
        N_("Margin of the sales and worth of new fans, for each yuan spent; below 1 it loses money."),
    ),
    "cost_per_order_cny": (N_("Cost per order"), N_("Cost over orders.")),
    "cost_per_fan_cny": (N_("Cost per new fan"), N_("Cost over new fans of the brand's accounts, net.")),
    "cpm_cny": (N_("Per 1,000 reached"), N_("Cost over people reached, times 1,000.")),
    "gpm_cny": (N_("GPM"), N_("Sales per 1,000 plays of this plan.")),
}
"""What each yuan brings and what each thing costs: title and meaning."""
PAYS = {
    "gpm_cny": N_("GPM from"),
    "price_cny": N_("Price from"),
    "fan_value_cny": N_("Fan worth from"),
}
"""What would make a variant pay."""
SPENT = N_(
    "Sums over all launches, divided by sums: an order that comes in one launch of ten counts. Back per yuan "
    "counts the margin of the sales and the worth of new fans; ROI counts all sales."
)
BREAK_EVEN = N_(
    "Each alone, all else as it is, with {level} % intervals: the plan's sales per 1,000 plays, the price at "
    "the same orders and the same cost of goods, the worth of a new fan. Without an interval: fewer than "
    "{fewest} orders, or fans, in all launches, or launches too few or too much alike to say."
)
ENDS = ("", "_low", "_high")


def money(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> list[Block]:
    """Both tables with a line on each; nothing for what an earlier version wrote."""
    if not all("break_even" in variant for variant in comparison["variants"]):
        return []
    return [
        Text(say(SPENT), quiet=True),
        spent(comparison, names, say),
        Text(say(BREAK_EVEN, level=level(comparison), fewest=FEWEST), quiet=True),
        pays(comparison, names, say),
    ]


def unreadable(variant: Mapping[str, Any]) -> str:
    """The key of a variant's money that is no number where one is read; '' where all is well."""
    if "break_even" not in variant:
        return ""
    pays = variant["break_even"]
    limits = (
        {key + end: pays.get(key + end) for key in PAYS for end in ENDS} if isinstance(pays, dict) else {}
    )
    for key, value in {**{key: variant.get(key) for key in (*PLAN, *EACH)}, **limits}.items():
        missing = value is None and key not in PLAN
        number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not missing and not number:
            return key
    return "" if limits else "break_even"


def spent(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> Table:
    """What each variant costs and brings in, and what each order, fan and thousand people cost."""
    columns = (
        Column(say(NC_("report", "Variant"))),
        *(Column(say.label(key), say.definition(key)) for key in PLAN),
        *(Column(say(title), say(meaning)) for title, meaning in EACH.values()),
    )
    found = _by_mean(comparison)
    like = {key: common((v[key] for v in found), say.language) for key in (*PLAN, *EACH)}
    rows = [(Cell(names[v["name"]]), *(_cell(v[key], key, like[key], say) for key in like)) for v in found]
    return Table(say("Money"), columns, rows, legend=True)


def pays(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> Table:
    """The GPM, the price and the worth of a fan from which on each variant pays."""
    columns = (Column(say(NC_("report", "Variant"))), *(Column(say(title)) for title in PAYS.values()))
    found = [(names[v["name"]], v["break_even"]) for v in _by_mean(comparison)]
    like = {
        key: common((limits[key + end] for _, limits in found for end in ENDS), say.language) for key in PAYS
    }
    rows = [
        (Cell(name), *(Cell(_from(limits, key, like[key], say)) for key in PAYS)) for name, limits in found
    ]
    return Table(say("What would make it pay"), columns, rows)


def paying(comparison: Mapping[str, Any], names: Mapping[str, str], words: Words) -> list[str]:
    """What the first variant brings back for each yuan, and what would make it pay, in words.

    Nothing of a comparison that an earlier version wrote.
    """
    if not all("break_even" in variant for variant in comparison["variants"]):
        return []
    top = max(comparison["variants"], key=lambda v: v["mean"])
    warned = any(row["code"] == "loses_money" for row in comparison.get("warnings", ()))
    known_loss = warned or comparison["verdict"]["code"] in ("winner", "alone")  # there the verdict says it
    return balance(top, names[top["name"]], words, known_loss=known_loss)


def balance(variant: Mapping[str, Any], name: str, words: Words, *, known_loss: bool = False) -> list[str]:
    """What a variant brings back for each yuan, and what would make it pay, a sentence each.

    Args:
        variant: of comparison.json, or the `money` of an optimisation.
        name: of it in the sentences.
        words: of the reader.
        known_loss: that it loses money was said already.
    """
    back = variant["return_per_cny"]
    if back is None:
        return []
    if back >= 1.0:
        most = variant["break_even"]["gpm_cny_high"]
        surely = most is not None and variant["gpm_cny"] is not None and variant["gpm_cny"] >= most
        said = (
            N_("{name} pays: each yuan spent brings back {back}.")
            if surely
            else N_(
                "{name} pays on average: each yuan spent brings back {back}. These launches leave room for a "
                "loss."
            )
        )
        return [begun(words(said, name=name, back=f"{back:.2f}"))]
    lines, facts = [], {"name": name, "back": f"{max(back, 0.0):.2f}"}
    if not known_loss:
        lines.append(words("{name} loses money on average: each yuan spent brings back {back}.", **facts))
    if needs := _needs(variant, words):
        either = words(", or ").join(needs)
        lines.append(words("{name} would pay with {either}, all else as it is.", name=name, either=either))
    return [begun(line) for line in lines]


def _needs(variant: Mapping[str, Any], words: Words) -> list[str]:
    """What would make it pay, each alone."""
    needed = {
        key: amount(value, "money", words.language)
        for key in PAYS
        if (value := variant["break_even"][key]) is not None
    }
    now = "–" if variant["gpm_cny"] is None else amount(variant["gpm_cny"], "money", words.language)
    said = {
        "gpm_cny": N_("sales of CNY {needed} per 1,000 plays (now {now})"),
        "price_cny": N_("a price of CNY {needed}"),
        "fan_value_cny": N_("a new fan worth CNY {needed}"),
    }
    return [words(said[key], needed=value, now=now) for key, value in needed.items()]


def _by_mean(comparison: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(comparison["variants"], key=lambda v: -v["mean"])


def _cell(value: float | None, key: str, like: float, say: Say) -> Cell:
    if value is None:
        return Cell("–")
    if key == "return_per_cny":
        return Cell(f"{value:.2f}", f"{value:,.6g}")
    sign = MINUS if value < 0 else ""
    return Cell(f"{sign}¥{amount(abs(value), 'money', say.language, like)}", f"{value:,.6g}")


def _from(limits: Mapping[str, float | None], key: str, like: float, say: Say) -> str:
    value, low, high = (limits[f"{key}{end}"] for end in ENDS)
    if value is None:
        return say("never")
    text = f"¥{amount(value, 'money', say.language, like)}"
    if low is None:
        return text
    if high is None:
        more = "≥ " if say.language == "en" else "≥"
        return f"{text} ({more}{amount(low, 'money', say.language, like)})"
    return f"{text} ({span(low, high, 'money', say.language, like=like)})"
