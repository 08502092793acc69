"""Why the best is ahead, and where it is not, in words: in Chinese and English.

Takes `why` and `robust` as comparison.json has them; gives sentences. Adds no statistics.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.language.numbers import plain, with_unit
from sim.language.vocabulary import METRIC
from sim.language.words import N_, Language, Words

WHY_SEEDS: Final = 8
"""Fresh seeds that an explanation rests on (chosen)."""
GROUPS = {
    "followers": N_("followers of the accounts"),
    "luck": N_("luck and heat of accounts"),
    "crowding": N_("posting often and author scatter"),
    "topics": N_("match of topics"),
    "costs": N_("what the plans cost"),
    "rest": N_("all else"),
}
"""Parts of a lead, as they are called."""
AHEAD = {
    "runner_up": N_("Why {best} is ahead of {other}, the runner-up"),
    "written": N_("Why {best} is ahead of the plan as written"),
}
GONE = {
    "runner_up": N_("On the fresh seeds {best} is not ahead of {other}"),
    "written": N_("On the fresh seeds {best} is not ahead of the plan as written"),
}
"""By baseline, where the lead is not seen again."""


def reasons(
    rows: Sequence[Mapping[str, Any]],
    names: tuple[str, str],
    metric: str,
    language: Language,
    seeds: int,
) -> list[str]:
    """One sentence for each baseline: the parts of the lead by size, and their sum.

    Args:
        rows: of `why` in comparison.json: group, baseline, share, low, high.
        names: of the best and of the runner-up, as a sentence shows them.
        metric: one of METRICS.
        language: 'zh' or 'en'.
        seeds: fresh ones that the parts rest on.
    """
    told, words = [], Words(language)
    for baseline in dict.fromkeys(row["baseline"] for row in rows):
        own = [row for row in rows if row["baseline"] == baseline]
        parts = []
        for row in sorted(own, key=lambda row: -abs(row["share"])):
            if row["share"] == 0.0:
                continue
            sure = row["low"] is not None and (row["low"] > 0.0 or row["high"] < 0.0)
            text = f"{words(GROUPS[row['group']])} {signed(row['share'], metric, language)}"
            parts.append(text if sure else words("{part} (may be 0)", part=text))
        total = sum(row["share"] for row in own)
        told.append(
            words(
                "{why}: {parts}. Together {total} on {seeds} fresh seeds.",
                why=words((AHEAD if total > 0 else GONE)[baseline], best=names[0], other=names[1]),
                parts=words.listed(parts) or "0",
                total=signed(total, metric, language),
                seeds=seeds,
            )
        )
    return told


def over_box(robust: Mapping[str, Any], names: Mapping[str, str], language: Language) -> list[str]:
    """Where each variant is best in the box of the assumptions, and on which two the answer hangs most.

    Where the answer at today's values is known (`today`) it is held against what leads over the box. The last
    sentence says when the answer turns over.

    Args:
        robust: of comparison.json.
        names: what the variants are called, by name.
        language: 'zh' or 'en'.
    """
    words = Words(language)
    shares = sorted(robust["shares"].items(), key=lambda item: -item[1])
    parts = [
        words("{name} is best in {share:.0%} of the range", name=names[name], share=share)
        for name, share in shares
        if share
    ]
    if robust["cannot_tell"]:
        parts.append(words("in {share:.0%} no single one stands out", share=robust["cannot_tell"]))
    first, second = robust["axes"]
    return [
        *(
            [words("At today's values of all of them: {name}.", name=_today(robust["today"], names, words))]
            if "today" in robust
            else []
        ),
        words(
            "If every number known to a range only may lie anywhere in it ({draws} draws): {parts}.",
            draws=robust["draws"],
            parts=("，" if language == "zh" else ", ").join(parts),
        ),
        *([_held(robust, names, words)] if "today" in robust else []),
        words(
            "It hangs most on {first} (now {first_here}) and {second} (now {second_here}).",
            first=first["key"],
            first_here=plain(first["here"], language).strip(),
            second=second["key"],
            second_here=plain(second["here"], language).strip(),
        ),
        words(
            "With these two as they are now, the others anywhere in their range: {name}.",
            name=_here(robust, names, words),
        ),
        turns_over(robust, names, language),
    ]


def today(comparison: Mapping[str, Any]) -> list[str]:
    """Variants that a comparison at today's values would take: the winner, or any that will do; else none.

    Args:
        comparison: content of comparison.json of the plain runs, of the same variants.
    """
    rows = sorted(comparison["variants"], key=lambda row: -row["mean"])
    code = comparison["verdict"]["code"]
    if code == "winner":
        return [rows[0]["name"]]
    if code == "equivalent":
        return [row["name"] for row in rows if row["difference_high"] is None or row["difference_high"] >= 0]
    return []


def _today(best: Sequence[str], names: Mapping[str, str], words: Words) -> str:
    """What is best at today's values, in words."""
    if len(best) > 1:
        return words("any of {names} will do", names=words.listed(names[b] for b in best))
    return words("{name} is best", name=names[best[0]]) if best else words("cannot tell")


def _held(robust: Mapping[str, Any], names: Mapping[str, str], words: Words) -> str:
    """Whether what leads over the box is what is best at today's values."""
    name, share = max(robust["shares"].items(), key=lambda item: item[1])
    if robust["cannot_tell"] >= share:
        text = UNTOLD_TOO if not robust["today"] else UNTOLD_ONLY
        return words(text, share=robust["cannot_tell"])
    text = BEST_TOO if name in robust["today"] else BEST_ONLY
    return words(text, name=names[name], share=share)


BEST_TOO = N_(
    "The two agree: over the range of the assumptions too {name} is best more often than anything else "
    "({share:.0%})."
)
BEST_ONLY = N_(
    "The two differ: over the range of the assumptions {name} is best more often than anything else "
    "({share:.0%}). The answer of today holds only if today's values do."
)
UNTOLD_TOO = N_(
    "The two agree: over the range of the assumptions too no single plan stands out in most places "
    "({share:.0%})."
)
UNTOLD_ONLY = N_(
    "The two differ: over the range of the assumptions no single plan stands out in most places "
    "({share:.0%}). The answer of today holds only if today's values do."
)
"""What leads over the box, held against today's values."""


def turns_over(robust: Mapping[str, Any], names: Mapping[str, str], language: Language) -> str:
    """When the answer turns over, in one sentence: the nearest place on the map, along one of its two axes.

    A place where another is surely best goes before one where nobody can tell, however near that is.

    Args:
        robust: of comparison.json.
        names: what the variants are called, by name.
        language: 'zh' or 'en'.
    """
    words, (row, column), best = Words(language), _cell(robust), robust["best"]
    now, lines = best[row][column], ([cells[column] for cells in best], best[row])
    found = [
        (line[k] is None, abs(k - here), k + (k < here), k > here, axis, line[k], len(line))
        for axis, here, line in zip(robust["axes"], (row, column), lines, strict=True)
        for k in range(len(line))
        if line[k] != now
    ]
    if not found:
        first, second = (axis["key"] for axis in robust["axes"])
        told = NOWHERE if now is None else NEVER
        return words(told, name=names.get(now, ""), first=first, second=second)
    _, _, border, rises, axis, other, cells = min(found, key=lambda place: place[:2])
    edge = axis["low"] + (axis["high"] - axis["low"]) * border / cells
    return words(
        TURNS[rises, other is None], key=axis["key"], name=names.get(other, ""),
        value=plain(edge, language).strip(), here=plain(axis["here"], language).strip(),
    )  # fmt: skip


TURNS = {
    (True, False): N_("It turns over when {key} rises above {value} (now {here}): then {name} is best."),
    (False, False): N_("It turns over when {key} falls below {value} (now {here}): then {name} is best."),
    (True, True): N_("It is no longer sure when {key} rises above {value} (now {here})."),
    (False, True): N_("It is no longer sure when {key} falls below {value} (now {here})."),
}
"""When an answer changes along an axis, by whether that rises, and whether nobody can tell then."""
NEVER = N_("It does not turn over with {first} or {second} alone: {name} stays best over their whole range.")
NOWHERE = N_("No single one is best, whatever {first} or {second} alone may be in their range.")
"""Where it changes along neither."""


def _cell(robust: Mapping[str, Any]) -> tuple[int, int]:
    """Row and column of the map where the scenario stands."""
    row, column = (
        min(size - 1, max(0, int(size * (axis["here"] - axis["low"]) / (axis["high"] - axis["low"]))))
        for axis, size in zip(robust["axes"], (len(robust["best"]), len(robust["best"][0])), strict=True)
    )
    return row, column


def _here(robust: Mapping[str, Any], names: Mapping[str, str], words: Words) -> str:
    """What is best in the cell of the map where the scenario stands."""
    row, column = _cell(robust)
    best = robust["best"][row][column]
    return words("cannot tell") if best is None else words("{name} is best", name=names[best])


def signed(amount: float, metric: str, language: Language) -> str:
    """A part of a lead with its sign, shortened, in the metric's unit."""
    text = with_unit((abs(amount),) * 3, metric, language, METRIC[metric].step(language))[0].strip()
    return f"{'+' if amount >= 0 else '−'}{text}"
