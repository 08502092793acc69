"""What launches should be told about before anybody trusts their figures: a market that is spent, money lost.

Takes the sums of each variant's launches; gives rows as `warnings` of comparison.json has them. Where all
variants share a fault it is said once, about none in particular.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sim.analysis.money import Money, money_of
from sim.analysis.warned import Warned, warned
from sim.language.numbers import RANGE, cny, per_cent, plain
from sim.language.words import N_, Language, Words, begun
from sim.scenario.schema import Scenario

SATURATED = 0.6
"""Share of the audience reached above which more of anything mostly meets the same people again (chosen)."""
FEWEST_ORDERS = 30
"""Orders in all launches together below which chance decides the money: ±36 % at 95 % (Poisson)."""
SMALL_AUDIENCE = 200_000
"""People below whom a week fills a market (chosen)."""


class Launched(NamedTuple):
    """The launches of a variant, as far as a warning asks."""

    name: str
    zh: str
    """in a Chinese sentence"""
    en: str
    users: int
    launches: int
    money: Money


def launched(scenario: Scenario, rows: Sequence[Mapping[str, Any]]) -> Launched:
    """What warnings ask of the launches of a plan that stands alone.

    Args:
        scenario: of the launches.
        rows: fields of summary.json, one row a launch.
    """
    name, money = scenario.name, money_of(rows, scenario.brand)
    return Launched(name, name, name, scenario.audience.users, len(rows), money)


def of_results(variants: Sequence[Launched]) -> tuple[Warned, ...]:
    """What has to be said of some variants' launches."""
    found: list[Warned] = []
    for code, faults in FAULTS.items():
        hit = [(variant, value) for variant in variants if (value := faults(variant)) is not None]
        if len(hit) == len(variants):
            found.append(_row(code, None, [value for _, value in hit], variants))
        else:
            found += [_row(code, variant, [value], variants) for variant, value in hit]
    return tuple(found)


def _saturated(variant: Launched) -> float | None:
    share = variant.money.reach / variant.users
    return share if share > SATURATED else None


def _small(variant: Launched) -> float | None:
    return variant.users if variant.users < SMALL_AUDIENCE else None


def _lost(variant: Launched) -> float | None:
    return -variant.money.profit_cny if variant.money.profit_cny < 0 else None


def _few(variant: Launched) -> float | None:
    return variant.money.orders if variant.money.orders < FEWEST_ORDERS else None


FAULTS: Mapping[str, Callable[[Launched], float | None]] = {
    "saturated": _saturated,
    "small_audience": _small,
    "loses_money": _lost,
    "few_orders": _few,
}
"""By code: the amount that is told of a variant, or None where it has no such fault."""


def _row(code: str, variant: Launched | None, values: Sequence[float], all_: Sequence[Launched]) -> Warned:
    alone = len(all_) == 1

    def told(words: Words) -> str:
        language = words.language
        who = (variant.zh if language == "zh" else variant.en) if variant else ""
        subject = who or (words("the plan") if alone else words("every variant"))
        return words(
            ONE_LOSS if code == "loses_money" and all_[0].launches == 1 else TEXTS[code],
            who=subject if language == "zh" else begun(subject),
            amount=_amount(code, values, language),
            launches=_launches(all_[0].launches, words),
        )

    return warned(code, variant.name if variant else None, told)


def _launches(number: int, words: Words) -> str:
    return words("{n:,} launches", n=number) if number > 1 else words("{n:,} launch", n=number)


def _amount(code: str, values: Sequence[float], language: Language) -> str:
    ends = sorted({min(values), max(values)})
    if code == "saturated":
        shown = [per_cent(f"{100 * value:.0f}", language) for value in ends]
    elif code == "loses_money":
        shown = [cny(value, language) for value in ends]
    elif code == "few_orders":
        shown = [f"{value:,.0f}" for value in ends]
    else:
        shown = [plain(value, language) for value in ends]
    shown = list(dict.fromkeys(shown))
    return shown[0] if len(shown) == 1 else RANGE[language].format(low=shown[0], high=shown[1])


TEXTS: Mapping[str, str] = {
    "saturated": N_(
        "{who} reaches {amount} of the audience: more of anything mostly meets the same people again. "
        "A larger market is audience.users."
    ),
    "small_audience": N_(
        "The audience is small ({amount} people): it is soon used up, and what is best in it need not be "
        "best among millions."
    ),
    "loses_money": N_("{who} loses money on average: {amount} a launch."),
    "few_orders": N_(
        "{who} brings few orders ({amount} in {launches}): sales, profit and cost per order hang on chance."
    ),
}
"""Templates: {who} is a variant, or all; {amount} a number or a range with its unit."""
ONE_LOSS = N_("{who} lost {amount} in this one launch.")


def loss(money: Money, language: Language, *, least_spent: bool = False) -> str:
    """What is added to the verdict of a winner that loses money; '' of one that does not.

    Args:
        money: of the winner.
        language: 'zh' or 'en'.
        least_spent: it won by profit and costs least of all: then it is ahead because less was done.
    """
    if money.profit_cny >= 0:
        return ""
    back = "" if money.return_per_cny is None else f"{max(0.0, money.return_per_cny):.2f}"
    words, lost = Words(language), cny(-money.profit_cny, language)
    text = words(
        " It still loses {lost} a launch on average: each yuan spent brings back {back}.",
        lost=lost,
        back=back,
    )
    if not least_spent:
        return text
    return text + words(
        " It loses least because it spends least; by profit alone, to post nothing would lose less still."
    )
