"""Why the best is ahead, and where it is not, in words: in Chinese and English.

Takes `why` and `robust` as comparison.json has them; gives sentences. Adds no statistics.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.analysis.amounts import plain, with_unit
from sim.analysis.wording import PHRASES
from sim.language.words import Language

WHY_SEEDS: Final = 8
"""Fresh seeds that an explanation rests on (chosen)."""
GROUPS: dict[str, dict[Language, str]] = {
    "followers": {"en": "followers of the accounts", "zh": "账号粉丝"},
    "luck": {"en": "luck and heat of accounts", "zh": "账号运气与近期热度"},
    "crowding": {"en": "posting often and author scatter", "zh": "发布拥挤与打散"},
    "topics": {"en": "match of topics", "zh": "话题匹配"},
    "costs": {"en": "what the plans cost", "zh": "投入差异"},
    "rest": {"en": "all else", "zh": "其他因素"},
}
"""Parts of a lead, as they are called."""
WORDS: dict[str, dict[Language, str]] = {
    "runner_up": {"en": "Why {best} is ahead of {other}, the runner-up", "zh": "{best}为何领先第二名{other}"},
    "written": {"en": "Why {best} is ahead of the plan as written", "zh": "{best}为何领先原方案"},
    "runner_up gone": {
        "en": "On the fresh seeds {best} is not ahead of {other}",
        "zh": "在新的模拟中，{best}并未领先{other}",
    },
    "written gone": {
        "en": "On the fresh seeds {best} is not ahead of the plan as written",
        "zh": "在新的模拟中，{best}并未领先原方案",
    },
    "lead": {
        "en": "{why}: {parts}. Together {total} on {seeds} fresh seeds.",
        "zh": "{why}：{parts}。合计 {total}（{seeds} 次未参与挑选的模拟）。",
    },
    "sure": {"en": "{name} {amount}", "zh": "{name} {amount}"},
    "unsure": {"en": "{name} {amount} (may be 0)", "zh": "{name} {amount}（不能排除为 0）"},
}
"""Sentences; {amount} has its sign and unit."""


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
    told = []
    for baseline in dict.fromkeys(row["baseline"] for row in rows):
        own = [row for row in rows if row["baseline"] == baseline]
        parts = []
        for row in sorted(own, key=lambda row: -abs(row["share"])):
            if row["share"] == 0.0:
                continue
            sure = row["low"] is not None and (row["low"] > 0.0 or row["high"] < 0.0)
            words = WORDS["sure" if sure else "unsure"][language]
            parts.append(
                words.format(
                    name=GROUPS[row["group"]][language], amount=signed(row["share"], metric, language)
                )
            )
        total = sum(row["share"] for row in own)
        why = WORDS[baseline if total > 0 else f"{baseline} gone"][language]
        told.append(
            WORDS["lead"][language].format(
                why=why.format(best=names[0], other=names[1]),
                parts=("、" if language == "zh" else ", ").join(parts) or "0",
                total=signed(total, metric, language),
                seeds=seeds,
            )
        )
    return told


BOX: dict[str, dict[Language, str]] = {
    "shares": {
        "en": "If every assumed number may lie anywhere in its range ({draws} draws): {parts}.",
        "zh": "若所有假设值在合理区间内任意变动（{draws} 组取值）：{parts}。",
    },
    "best": {"en": "{name} is best in {share:.0%} of the range", "zh": "{name}在 {share:.0%} 的区间内最佳"},
    "open": {"en": "in {share:.0%} nobody can tell", "zh": "{share:.0%} 的区间内无法判断"},
    "here": {
        "en": "With these two as they are now: {name}.",
        "zh": "这两个假设取当前值时：{name}。",
    },
    "nobody": {"en": "cannot tell", "zh": "无法判断"},
    "leads": {"en": "{name} is best", "zh": "{name}最佳"},
    "axes": {
        "en": "It hangs most on {first} (now {first_here}) and {second} (now {second_here}).",
        "zh": "影响最大的假设是 {first}（当前 {first_here}）和 {second}（当前 {second_here}）。",
    },
}
"""What the box of the assumptions says."""


def box(robust: Mapping[str, Any], names: Mapping[str, str], language: Language) -> list[str]:
    """Where each variant is best in the box of the assumptions, and on which two the answer hangs most.

    Args:
        robust: of comparison.json.
        names: what the variants are called, by name.
        language: 'zh' or 'en'.
    """
    words = {key: text[language] for key, text in BOX.items()}
    shares = sorted(robust["shares"].items(), key=lambda item: -item[1])
    parts = [words["best"].format(name=names[name], share=share) for name, share in shares if share]
    if robust["cannot_tell"]:
        parts.append(words["open"].format(share=robust["cannot_tell"]))
    first, second = robust["axes"]
    return [
        words["shares"].format(draws=robust["draws"], parts=("，" if language == "zh" else ", ").join(parts)),
        words["axes"].format(
            first=first["key"], first_here=plain(first["here"], language).strip(),
            second=second["key"], second_here=plain(second["here"], language).strip(),
        ),
        words["here"].format(name=_here(robust, names, words)),
    ]  # fmt: skip


def _here(robust: Mapping[str, Any], names: Mapping[str, str], words: Mapping[str, str]) -> str:
    """What is best in the cell of the map where the scenario stands."""
    row, column = (
        min(size - 1, max(0, int(size * (axis["here"] - axis["low"]) / (axis["high"] - axis["low"]))))
        for axis, size in zip(robust["axes"], (len(robust["best"]), len(robust["best"][0])), strict=True)
    )
    best = robust["best"][row][column]
    return words["nobody"] if best is None else words["leads"].format(name=names[best])


def signed(amount: float, metric: str, language: Language) -> str:
    """A part of a lead with its sign, shortened, in the metric's unit."""
    text = with_unit((abs(amount),) * 3, metric, language, PHRASES[language][metric].step)[0].strip()
    return f"{'+' if amount >= 0 else '−'}{text}"
