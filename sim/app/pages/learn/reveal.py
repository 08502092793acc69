"""What the runs of a lesson say, as sentences, and whether a prediction holds.

Takes a lesson, its answer and what was predicted; gives text made from the numbers alone: no sentence
knows beforehand what comes out. A gap whose interval covers 0 is no gap. Does not know streamlit.
"""

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any, Literal, NamedTuple

from sim.app.pages.learn import lessons
from sim.app.pages.learn.lessons import MEASURES, SAME, Exercise, measure_name
from sim.app.ui.names import variant_names
from sim.language.numbers import RARE, WHOLE, Kind, amount, joined, scale, span
from sim.language.words import N_, Words

Answer = Mapping[str, Any]
Standing = Literal["holds", "open", "fails"]
SAID: dict[Standing, str] = {
    "holds": N_("Your prediction holds."),
    "open": N_("These runs cannot settle your prediction."),
    "fails": N_("It comes out differently."),
}
FINE = 0.1
"""Step that stays visible among means below WHOLE."""


class Estimate(NamedTuple):
    """A number and its interval, without end where too few seeds differ to say."""

    mean: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 or −1 where the interval lies on one side of 0, else 0."""
        return (self.low > 0) - (self.high < 0)


class Reveal(NamedTuple):
    """What is told after a prediction."""

    standing: Standing
    said: str
    lines: tuple[str, ...]
    """the first one answers the question"""


def mean_of(answer: Answer, measure: str, variant: str) -> Estimate:
    """A measure of a variant."""
    row = next(row for row in answer["measures"][measure]["variants"] if row["name"] == variant)
    return _estimate(row["mean"], row["low"], row["high"])


def gap(answer: Answer, measure: str, one: str, other: str) -> Estimate:
    """How much more another variant has than one, seed by seed."""
    for first, second, mean, low, high in answer["measures"][measure]["pairs"]:
        if (first, second) == (one, other):
            return _estimate(mean, low, high)
        if (first, second) == (other, one):
            turned = _estimate(mean, low, high)
            return Estimate(-mean, -turned.high, -turned.low)
    raise KeyError((one, other))


def _estimate(mean: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(mean, -inf if low is None else low, inf if high is None else high)


def times(answer: Answer, measure: str, one: str, other: str) -> Estimate | None:
    """How many times one variant's measure another has; one's mean is taken as known, None where it is 0."""
    base = mean_of(answer, measure, one).mean
    if base <= 0:
        return None
    difference = gap(answer, measure, one, other)
    return Estimate(*(max(1 + part / base, 0.0) for part in difference))


def asked(exercise: Exercise, answer: Answer) -> Estimate | None:
    """The number that a lesson asks for; None where it has no value, or where it asks for a variant."""
    one, other = exercise.pair
    if exercise.asks != "times":
        return None
    if one == other:
        return mean_of(answer, exercise.measures[0], one)
    return times(answer, exercise.measures[0], one, other)


def possible(exercise: Exercise, answer: Answer) -> tuple[str, ...]:
    """Keys of the choices that the runs leave open; a single one where they settle the question."""
    if exercise.asks == "times":
        found = asked(exercise, answer)
        if found is None:
            return ()
        return tuple(c.key for c in exercise.choices if c.low < found.high and found.low < c.high)
    verdict = answer["measures"][exercise.measures[0]]["verdict"]
    return tuple(verdict["tied"]) if verdict["code"] == "winner" else (SAME, *verdict["tied"])


def standing(exercise: Exercise, answer: Answer, said: str) -> Standing:
    """Whether a prediction holds; 'no difference' holds where the runs show none."""
    left = possible(exercise, answer)
    if said not in left:
        return "fails"
    return "holds" if len(left) == 1 or said == SAME else "open"


def reveal(exercise: Exercise, answer: Answer, said: str | None, words: Words) -> Reveal:
    """What is told after a prediction; of none, what the runs say."""
    stands = "open" if said is None else standing(exercise, answer, said)
    make = {"luck": _luck, "links": _links, "creators": _creators}.get(exercise.key, _which)
    return Reveal(stands, "" if said is None else words(SAID[stands]), tuple(make(exercise, answer, words)))


def _basis(answer: Answer, words: Words) -> str:
    level = f"{100 * answer['confidence']:.4g}"
    return words("{level} % interval, {seeds} seeds", level=level, seeds=answer["seeds"])


def _luck(exercise: Exercise, answer: Answer, words: Words) -> list[str]:
    small, large = (mean_of(answer, "luck", name) for name in (lessons.SMALL, lessons.LARGE))
    told = {
        -1: N_("With 500 people in the first pool it is {ratio} times ({range}): less is left to luck."),
        0: N_("With 500 people in the first pool it is {ratio} times ({range}): too close to tell apart."),
        1: N_("With 500 people in the first pool it is {ratio} times ({range}): more is left to luck."),
    }
    said = N_("The luckiest copy gets {ratio} times the impressions of the middle one ({range}; {basis}).")
    first = words(said, basis=_basis(answer, words), **_ratio(small, words))
    compared = told[gap(answer, "luck", lessons.SMALL, lessons.LARGE).sign]
    return [first, words(compared, **_ratio(large, words))]


def _ratio(found: Estimate, words: Words) -> dict[str, str]:
    around = span(found.low, found.high, "ratio", words.language) if isfinite(found.high) else words(RARE)
    return {"ratio": amount(found.mean, "ratio", words.language), "range": around}


def _links(exercise: Exercise, answer: Answer, words: Words) -> list[str]:
    more = times(answer, "link_visits", lessons.ONE_LINK, lessons.FOUR_LINKS)
    gain = times(answer, "visits", lessons.NO_LINK, lessons.ONE_LINK)
    if more is None or gain is None:
        return [words("Nobody visited a home page in these runs.")]
    means = (mean_of(answer, "visits_per_link", k).mean for k in (lessons.ONE_LINK, lessons.FOUR_LINKS))
    few, many = (amount(mean, "count", words.language) for mean in means)
    said = N_(
        "With four links in place of one, visits over links come to {ratio} times as many ({range}; {basis})."
    )
    lines = [
        words(said, basis=_basis(answer, words), **_ratio(more, words)),
        words("A single link carries {many} visits where it carried {few}.", many=many, few=few),
    ]
    said = N_("From no link to one, home-page visits do not change as far as these runs show.")
    if gap(answer, "visits", lessons.NO_LINK, lessons.ONE_LINK).sign:
        said = N_(
            "From no link to one, all home-page visits together come to {ratio} times as many ({range})."
        )
    return [*lines, words(said, **_ratio(gain, words))]


def _creators(exercise: Exercise, answer: Answer, words: Words) -> list[str]:
    shares = answer["sources"].get(lessons.HALVES, {})
    totals = {key: sum(row[key] for row in shares.values()) for key in ("impressions", "orders")}
    lines = _which(exercise, answer, words)
    if all(totals.values()) and {"KOL", "KOC"} <= shares.keys():
        parts = {
            f"{who.lower()}_{key}": amount(shares[who][key] / totals[key], "share", words.language)
            for who in ("KOL", "KOC")
            for key in ("impressions", "orders")
        }
        said = N_(
            "Half and half: the KOL's video gives {kol_impressions} of the impressions and {kol_orders} "
            "of the orders, the KOCs' videos {koc_impressions} and {koc_orders}, the school's own the "
            "rest."
        )
        lines.append(words(said, **parts))
    return lines


def _which(exercise: Exercise, answer: Answer, words: Words) -> list[str]:
    first = exercise.measures[0]
    return [_compared(exercise, answer, m, words, basis=m == first) for m in exercise.measures]


def _compared(exercise: Exercise, answer: Answer, measure: str, words: Words, *, basis: bool) -> str:
    found, kind, language = answer["measures"][measure], MEASURES[measure].kind, words.language
    names = variant_names(words, exercise.variants)
    rows = sorted(found["variants"], key=lambda row: -row["mean"])
    best, second = rows[0], rows[1]
    difference: Kind = "points" if kind == "share" else kind
    levels = scale(best["mean"], kind, language, FINE if kind != "share" and best["mean"] < WHOLE else 0.0)
    source = words("; {basis}", basis=_basis(answer, words)) if basis else ""
    if found["verdict"]["code"] == "winner":
        lead = gap(answer, measure, second["name"], best["name"])
        fitting = scale(max(abs(lead.low), abs(lead.high)), difference, language)
        return words(
            "{measure}: {best} {most}, {second} {less}; the gap is {gap} ({range}{source}).",
            measure=measure_name(words, measure),
            best=names[best["name"]],
            most=levels.text(best["mean"]),
            second=names[second["name"]],
            less=levels.text(second["mean"]),
            gap=fitting.text(lead.mean),
            range=joined(fitting, lead.low, lead.high, language),
            source=source,
        )
    tied = [row for row in rows if row["name"] in found["verdict"]["tied"]]
    limits = [row[key] for row in tied for key in ("difference_low", "difference_high")]
    rare = None in limits
    said = N_("{measure}: {names} differ in too few runs to tell ({means} on average{source}).")
    if not rare:
        said = N_(
            "{measure}: {names} cannot be told apart; any gap is at most {bound} ({means} on "
            "average{source})."
        )
    told = words(
        said,
        measure=measure_name(words, measure),
        names=_listed([names[row["name"]] for row in tied], words),
        bound="" if rare else amount(max(map(abs, limits)), difference, language),
        means=_listed([levels.text(row["mean"]) for row in tied], words),
        source=source,
    )
    for row in rows:
        if row not in tied:
            told += words(" Behind: {name} ({mean}).", name=names[row["name"]], mean=levels.text(row["mean"]))
    return told


def _listed(texts: list[str], words: Words) -> str:
    *most, last = texts
    return words("{most} and {last}", most=words(", ").join(most), last=last) if most else last
