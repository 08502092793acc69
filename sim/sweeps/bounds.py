"""Bounds of a search: fewest and most creators of a tier, and whom to keep.

Takes the words of a command line; gives numbers by tier, and refuses what cannot hold before anything runs.
Does not search.
"""

from collections.abc import Mapping, Sequence

from sim.errors import Phrase, UsageError
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.sweeps.money import TINY_CNY, Budget, Counts

DIGITS = 6
"""Of a number of creators (chosen)."""


def bound(option: str, words: Sequence[str], base: Sequence[int]) -> Counts:
    """Creators by tier of an option such as `--min junior=20`, over a base.

    Raises:
        UsageError: a word is not TIER=N, or a tier is there twice.
    Example:
        >>> bound("--min", ["junior=20"], (0,) * 6)
        (0, 0, 0, 0, 20, 0)
    """
    found, seen = list(base), set[str]()
    for word in words:
        tier, equals, text = word.partition("=")
        if not equals or tier not in TIERS or not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
            raise UsageError(
                "{option} {word}: is written TIER=N, N a whole number from 0; tiers: {names}",
                option=option, word=word, names=", ".join(TIERS),
            )  # fmt: skip
        if tier in seen:
            raise UsageError("{option}: {name} is listed twice", option=option, name=tier)
        seen.add(tier)
        found[TIERS.index(tier)] = int(text)
    return tuple(found)


def keeping(scenario: Scenario, ids: Sequence[str], least: Counts) -> tuple[Scenario, Counts]:
    """The scenario and the least numbers with which some creators are in every mix.

    Whoever is kept is booked before the others of the tier, and nobody comes along with him. Accounts of the
    brand are in every mix anyway.

    Raises:
        UsageError: nobody has that id.
    """
    brand = {account.id for account in scenario.accounts}
    known = {row.id for rows in scenario.seeding.candidates.values() for row in rows}
    if strange := next((name for name in ids if name not in brand | known), None):
        raise UsageError("--keep {strange}: no account or creator has that id", strange=strange)
    if kept := tuple(name for name in dict.fromkeys((*scenario.seeding.keep, *ids)) if name not in brand):
        scenario = scenario.with_values({"seeding.keep": kept})
    found = scenario.seeding.candidates
    own = (sum(row.keep for row in found[tier]) for tier in TIERS)
    return scenario, tuple(map(max, least, own))


def kept_of(scenario: Scenario, ids: Sequence[str], typed: Counts, least: Counts) -> dict[str, str]:
    """By tier of which keeping some creators needs more than `--min` asks for, the option as it was typed."""
    found: dict[str, str] = {}
    for tier, asked, needed in zip(TIERS, typed, least, strict=True):
        own = {row.id for row in scenario.seeding.candidates[tier]} if needed > asked else ()
        if named := [f"--keep {name}" for name in dict.fromkeys(ids) if name in own]:
            found[tier] = " ".join(named)
    return found


def refuse_impossible(money: Budget, kept: Mapping[str, str] | None = None) -> None:
    """Refuses bounds and a budget that cannot hold, before any run.

    Args:
        money: with the bounds.
        kept: by tier whose least number `--keep` asks for, the option as it was typed (`kept_of`).
    Raises:
        UsageError: with the figure that is short, and what to loosen.
    """
    for tier, least, most, supply, open_ in zip(
        TIERS, money.least, money.asked, money.supply, money.open, strict=True
    ):
        keep = (kept or {}).get(tier)
        if least > most:
            if keep:
                raise UsageError(
                    "{keep} needs {tier}={least} and --max {tier}={most} allows less; raise --max {tier}, "
                    "or leave --keep out",
                    keep=keep, tier=tier, least=least, most=most,
                )  # fmt: skip
            raise UsageError(
                "--min {tier}={least} is above --max {tier}={most}; lower the one or raise the other",
                tier=tier, least=least, most=most,
            )  # fmt: skip
        if least and not open_ and supply:
            option, loosen = keep, Phrase("leave --keep out")
            if not keep:
                option, loosen = f"--min {tier}={least}", Phrase("lower --min {tier}", tier=tier)
            raise UsageError(
                "{option}: one of them has more fans inside the audience than it has people; {loosen}, or "
                "raise audience.users",
                option=option, loosen=loosen,
            )  # fmt: skip
        if least > supply:
            raise UsageError(
                "--min {tier}={least}: there are {supply}, {short} short; lower --min {tier}, or raise the "
                "supply (seeding.market.supply, or the list)",
                tier=tier, least=least, supply=supply, short=least - supply,
            )  # fmt: skip
    cost, budget = money.cost(money.least.tolist()), money.budget_cny
    if cost > budget + TINY_CNY:
        parts = list(zip(TIERS, money.least.tolist(), money.spent(money.least.tolist()), strict=True))
        asked = {tier: (kept or {}).get(tier, f"--min {tier}={n}") for tier, n, _ in parts if n}
        said = ", ".join(f"{asked[tier]} {own:,.0f}" for tier, n, own in parts if n)
        options = sorted({words.split()[0] for words in asked.values()}, reverse=True)
        cause = Phrase("{option} costs", option=options[0])
        if options[1:]:
            cause = Phrase("--min and --keep cost")
        raise UsageError(
            "{cause} {cost:,.0f} of {budget:,.0f} CNY, {short:,.0f} short ({each}); {loosen}, "
            "or raise --budget",
            loosen=Phrase("lower one of them") if "--min" in options else Phrase("leave out one of them"),
            cause=cause, cost=cost, budget=budget, short=cost - budget, each=said,
        )  # fmt: skip
    if money.least.any():
        return
    if not money.most.any():
        raise UsageError("--max leaves nobody to book; raise one of them")
    free = money.open & (money.most > 0)
    if not (free & (money.prices <= budget)).any():
        raise UsageError(
            "--budget {budget:,.0f}: buys no creator; the cheapest costs {cheapest:,.0f}",
            budget=budget, cheapest=money.prices[free].min(),
        )  # fmt: skip
