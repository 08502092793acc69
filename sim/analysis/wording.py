"""A verdict as one plain sentence, in Chinese and English.

Takes a verdict, the rows it rests on and the names of the variants; gives text for the report,
the app and the command line. Adds no statistics: what may be said is decided in `estimate.py`.
An effect is given in per cent of the runner-up where its mean is positive, else in plain numbers;
the chance of a hit always in percentage points.
"""

from collections.abc import Sequence
from itertools import compress
from math import isfinite
from typing import TYPE_CHECKING

from sim.language.numbers import RANGE, digits_of, per_cent, with_unit
from sim.language.vocabulary import METRIC
from sim.language.words import N_, Language, Words, begun
from sim.scenario.structures import is_structure

if TYPE_CHECKING:  # it loads scipy, and words are wanted where nothing is computed
    from sim.analysis.estimate import Estimate, Verdict


LEADS = {
    "reach": N_("it reaches {amount} more people than {second}"),
    "follows": N_("it wins {amount} more followers than {second}"),
    "orders": N_("it brings {amount} more orders than {second}"),
    "gmv": N_("it brings {amount} more sales (GMV) than {second}"),
    "profit": N_("it earns {amount} more than {second}"),
    "roi": N_("its ROI is {amount} higher than that of {second}"),
    "hit": N_("its chance of a hit is {amount} higher than that of {second}"),
}
"""The winner's lead, by metric."""

AROUND_ZERO = ("profit", "hit")
"""Metrics whose differences are told in their own unit: per cent of what may be about nothing say nothing."""

SENTENCES = {
    "winner": N_("{best} is best: {lead}, the runner-up ({level} % interval {range}, {seeds} seeds)."),
    "near": N_(" So little that it hardly matters: {names} would do as well (less than {margin} behind)."),
    "equivalent": N_(
        "Any of these will do: {tied}. None is behind the best by more than {amount}, less than the "
        "{margin} below which it makes no difference ({level} % intervals, {seeds} seeds)."
    ),
    "cannot_tell_apart": N_("These cannot be told apart with {seeds} seeds: {tied}."),
    "bound": N_(" None is behind {best} by more than {amount} ({level} % intervals that hold together)."),
    "wide": N_(" How far apart they are cannot be told yet."),
    "loose": N_(" How far apart they are these seeds cannot tell; about {needed} would."),
    "looser": N_(" How far apart they are these seeds cannot tell, nor could {needed}."),
    "probably_worse": N_(" Probably worse: {names}."),
    "worse": N_(" Worse: {names}."),
    "identical": N_(
        "No difference seen: {tied} gave exactly the same result in each of {seeds} seeds ({label}). Up "
        "to {share} % of launches may still differ: too rare to tell at this number of seeds."
    ),
    "rare": N_(
        "{names} gave another result than {best} in {count} of {seeds} launches, which leaves up to "
        "{share} % possible: too rare to tell at this number of seeds{would_do}."
    ),
    "would_do": N_(", about {needed} would do"),
    "alone": N_(
        "{best} is the only variant; {label}: {amount} on average ({level} % interval {range}, {seeds} "
        "seeds)."
    ),
    "rare_but_for": N_(
        "{names} differed from {best} by one and the same amount in all but {count} of {seeds} launches, "
        "which leaves up to {share} % possible that come out otherwise: too rare to tell at this number "
        "of seeds{would_do}."
    ),
    "rare_always": N_(
        "{names} differed from {best} by one and the same amount in each of {seeds} launches, which leaves "
        "up to {share} % possible that come out otherwise: too rare to tell at this number of seeds."
    ),
    "alone_rare": N_(
        "{best} is the only variant; {label}: {amount} on average, too rare to give an interval ({seeds} "
        "seeds)."
    ),
}
"""By what was found, and what is added."""
MOST_TIMES = 10.0
"""A lead that may be so many times the runner-up is told in its own unit (chosen): per cent would shout."""
MOST_SEEDS = 100_000
"""More are not advised (chosen)."""
OF_ALL = {"hit": N_("{n} points"), "profit": N_("{n} % of the cost")}
"""What an indifference is a share of; profit may be about nothing, so there it is what was spent."""


def sentence(
    verdict: "Verdict",
    rows: Sequence["Estimate"],
    names: Sequence[str],
    metric: str,
    language: Language,
    confidence: float = 0.95,
    indifference: float = 0.0,
) -> str:
    """What the comparison says, in one sentence a strategist can repeat, and a second about who is behind.

    Args:
        verdict: of `settled`, or a `Decision.verdict`.
        rows: of `estimates`, in the order of the variants.
        names: of the variants in that order and language, any text.
        metric: one of METRICS.
        language: 'zh' or 'en'.
        confidence: that the whole procedure has, to be printed; after `next_look` that is 1 - alpha, while
            `rows` are taken at the stricter 1 - `Decision.level`.
        indifference: the share below which a difference does not matter, as it was asked for [0..1].
    Returns:
        Text on one line; names are cleaned of line breaks and control characters, otherwise kept.
    Raises:
        ValueError: names or rows that do not match the verdict's variants, or an unknown metric.
    """
    if metric not in METRIC:
        raise ValueError(f"metric is {metric!r}, allowed: {', '.join(METRIC)}")
    variants = len(verdict.tied) + len(verdict.worse) + len(verdict.probably_worse)
    if not len(names) == len(rows) == variants:
        raise ValueError(f"{len(names)} names and {len(rows)} rows for {variants} variants")
    words = Words(language)
    shown = [_printable(name, index, language) for index, name in enumerate(names)]
    best, second = shown[verdict.best], shown[verdict.runner_up]
    facts = {
        "best": _opening(best, language),
        "tied": _listed([shown[index] for index in verdict.tied], language),
        "label": METRIC[metric].said(language),
        "level": f"{100 * confidence:.4g}",
        "seeds": str(verdict.seeds),
    }
    if verdict.code == "winner":
        amount, facts["range"] = _effect(rows[verdict.runner_up], metric, language)
        # Names may hold braces: they enter as arguments of format, never as its template.
        facts["lead"] = words(LEADS[metric], second=_between(second, language), amount=amount)
    elif verdict.code == "alone":
        facts["best"] = facts["best"] if language == "en" else _between(best, language)
        row = rows[verdict.best]
        limits = (row.mean, row.mean) if row.low is None or row.high is None else (row.low, row.high)
        facts["amount"], facts["range"] = with_unit(
            (row.mean, *limits), metric, language, METRIC[metric].level(language)
        )
    elif verdict.code in ("identical", "equivalent") and language == "zh":
        facts["tied"] = _after(facts["tied"])
    facts["margin"] = _margin(indifference, metric, language)
    if verdict.code == "equivalent":
        facts["amount"] = _apart(verdict.within, rows[verdict.best].mean, metric, language)
    refused = [index for index in verdict.tied if rows[index].difference_high is None]
    alone_rare = verdict.code == "alone" and rows[verdict.best].low is None
    if verdict.code == "identical":
        facts["share"] = _possible(0, verdict.seeds, confidence)
    text = words(SENTENCES["alone_rare" if alone_rare else verdict.code], **facts)
    if refused and verdict.code != "identical":
        text += " " if language == "en" else ""
        text += rare_differences(
            [rows[index] for index in refused], [shown[index] for index in refused], best, verdict.seeds,
            language, confidence,
        )  # fmt: skip
    if verdict.code == "winner" and verdict.near:
        listed = _listed([shown[index] for index in verdict.near], language)
        text += words(SENTENCES["near"], names=_between(listed, language), margin=facts["margin"])
    if verdict.code == "cannot_tell_apart":
        text += _how_far(verdict, rows[verdict.best].mean, best, metric, language, facts["level"])
    if verdict.code in ("cannot_tell_apart", "equivalent"):
        for group, members in (("probably_worse", verdict.probably_worse), ("worse", verdict.worse)):
            if members:
                listed = _listed([shown[index] for index in members], language)
                text += words(SENTENCES[group], names=listed)
    return text


def _how_far(verdict: "Verdict", mean: float, best: str, metric: str, language: Language, level: str) -> str:
    """How far apart those are that cannot be told apart; in words where that may be all that the best has."""
    words = Words(language)
    if verdict.needed:
        told = "loose" if verdict.needed <= MOST_SEEDS else "looser"
        return words(SENTENCES[told], needed=f"{_rounded(min(verdict.needed, MOST_SEEDS)):,}")
    if not isfinite(verdict.within):
        return ""
    if metric != "profit" and verdict.within >= mean:  # in yuan it may be more than all it makes
        return words(SENTENCES["wide"])
    amount = _apart(verdict.within, mean, metric, language)
    return words(SENTENCES["bound"], best=_between(best, language), amount=amount, level=level)


def rare_differences(
    rows: Sequence["Estimate"],
    names: Sequence[str],
    best: str,
    seeds: int,
    language: Language,
    confidence: float = 0.95,
) -> str:
    """What is said of variants whose difference to the best is too rarely another than the usual one.

    Seeds that would do are named once some seed has differed. Where none has, nothing says how many would,
    and `seeds="auto"` does not look for them either.

    Args:
        rows: of those variants; each has an interval that was refused.
        names: of them, in their order.
        best: name of the best.
        seeds: of each variant.
        language: 'zh' or 'en'.
        confidence: of the share that is still possible.
    Returns:
        One sentence for those that are as a rule equal to the best, one for those a fixed amount away.
    """
    from sim.analysis.rare import seeds_wanted  # scipy, which only a comparison needs

    told = []
    words = Words(language)
    for sentence, held in (
        (SENTENCES["rare"], [row.usual == 0.0 for row in rows]),
        (SENTENCES["rare_but_for"], [row.usual != 0.0 and row.unusual > 0 for row in rows]),
        (SENTENCES["rare_always"], [row.usual != 0.0 and row.unusual == 0 for row in rows]),
    ):
        if not any(held):
            continue
        counts = [row.unusual for row in compress(rows, held)]
        fewest, most = min(counts), max(counts)
        listed = _listed(list(compress(names, held)), language)
        would_do = words(SENTENCES["would_do"], needed=f"{seeds_wanted(fewest, seeds):,}")
        told.append(
            words(
                sentence,
                names=_opening(listed, language),
                best=_between(best, language),
                count=str(most) if fewest == most else RANGE[language].format(low=fewest, high=most),
                seeds=seeds,
                share=_possible(most, seeds, confidence),
                would_do=would_do if most else "",
            )
        )
    return (" " if language == "en" else "").join(told)


def _possible(count: int, seeds: int, confidence: float) -> str:
    """The share of launches that may still differ [%]."""
    from sim.analysis.rare import at_most  # scipy, which only a comparison needs

    return f"{100 * at_most(count, seeds, confidence):.0f}"


def _effect(runner_up: "Estimate", metric: str, language: Language) -> tuple[str, str]:
    """The best's lead over the runner-up and its interval, as text.

    In per cent the runner-up's mean is taken as known: the interval is that of the difference over it.
    """
    lead = -runner_up.difference
    # A winner's lead always has an interval: where it was refused, nobody won.
    low, high = -(runner_up.difference_high or 0.0), -(runner_up.difference_low or 0.0)
    if metric in AROUND_ZERO or high > MOST_TIMES * runner_up.mean:
        return with_unit((lead, low, high), metric, language, METRIC[metric].step(language))
    parts = [100.0 * part / runner_up.mean for part in (lead, low, high)]
    digits = digits_of(parts)
    amount, least, most = (per_cent(f"{part:,.{digits}f}", language) for part in parts)
    return amount, RANGE[language].format(low=least, high=most)


def _margin(share: float, metric: str, language: Language) -> str:
    """What makes no difference, as it was asked for: a share of what the metric's differences are told in."""
    n = f"{100 * share:.3g}"
    return Words(language)(OF_ALL[metric], n=n) if metric in OF_ALL else per_cent(n, language)


def _apart(most: float, best: float, metric: str, language: Language) -> str:
    """A distance to the best, in per cent of its mean or in the metric's own unit."""
    if metric not in AROUND_ZERO and best > 0.0:
        part = 100.0 * most / best
        return per_cent(f"{part:,.{digits_of((part, 0.0, part))}f}", language)
    return with_unit((most, 0.0, most), metric, language, METRIC[metric].step(language))[0].strip()


def _rounded(number: int) -> int:
    """Up to two digits: it is no more than a guess."""
    step: int = 10 ** max(0, len(str(number)) - 2)
    return -(-number // step) * step


def _printable(name: str, index: int, language: Language) -> str:
    """A name on one line, without control characters; quoted if it would break a list; numbered if empty."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not clean:
        return Words(language)("variant {n}", n=index + 1)
    if not set(clean) & set(",;:，、；：。") or is_structure(clean):
        return clean
    # Chinese fonts, which come first on every page, draw curly quotes as wide as a character.
    return f"“{clean}”" if language == "zh" else f'"{clean}"'


def _opening(name: str, language: Language) -> str:
    """A name as the sentence opens with it: in English with a capital, whatever it is."""
    return _after(name) if language == "zh" else begun(name)


def _after(name: str) -> str:
    """A name followed by Chinese: Latin letters and digits are set off by a space."""
    return f"{name} " if name[-1].isascii() and name[-1].isalnum() else name


def _between(name: str, language: Language) -> str:
    """A name inside running text, set off in Chinese at both ends where it is Latin."""
    if language == "en":
        return name
    return f" {_after(name)}" if name[0].isascii() and name[0].isalnum() else _after(name)


def _listed(names: Sequence[str], language: Language) -> str:
    """Names in a row."""
    return Words(language).listed(names)
