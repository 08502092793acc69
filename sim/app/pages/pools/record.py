"""One video's way up the ladder on the page: in a sentence, as a picture, as a record.

Takes its decisions; draws. Whatever page follows a video shows it with this. Does not choose the video.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from sim.app.pages.pools.ladder import (
    DECISION_NAMES,
    RATE_MEANINGS,
    REASON_NAMES,
    moment,
    pool_name,
    rate_names,
    rate_text,
)
from sim.app.ui import look
from sim.charts.numbers import amount
from sim.charts.scores import RATES, Baseline, Decision, ScoreWords, enough, held_back, score_figure
from sim.language.words import N_, Words
from sim.scenario.schema import Scenario

FLOW_REASONS = {
    "score above mark": N_("value above the competing level"),
    "score below mark": N_("value below the competing level"),
}
"""What two of the reasons are called where there are no pools."""


class Video(NamedTuple):
    """A row of the table of videos, and the decisions on it."""

    name: str
    row: Mapping[str, Any]
    decisions: tuple[Decision, ...]


def draw(video: Video, plan: Scenario, baseline: Baseline, hit: int, words: Words, key: str) -> None:
    """Draws a video's way up.

    Args:
        video: which.
        plan: the scenario that was run.
        baseline: what scores were measured against.
        hit: impressions from which a video is a hit.
        words: of the reader.
        key: of the picture, other for another run.
    """
    laddered = plan.platform.model == "pools"
    look.lines(told(video, baseline, hit, words, laddered=laddered))
    if not video.decisions:
        return
    if laddered and any(decision.parts for decision in video.decisions):
        st.plotly_chart(
            score_figure(video.decisions, _score_words(video, words), look.ground()),
            key=f"scores_{key}",
            config={"displayModeBar": False, "scrollZoom": False},
        )
        look.note(
            words(
                "Each part is a rate over the category's usual rate, times its weight. The line is the "
                "pass mark: it rises from pool to pool and shifts with the competition of the hour."
            )
        )
    _table(video, plan, baseline, words)


def told(video: Video, baseline: Baseline, hit: int, words: Words, *, laddered: bool = True) -> list[str]:
    """What became of a video, in sentences."""
    row, language = video.row, words.language
    seen = amount(row["impressions"], "count", language)
    said = [words("{video}: {n} impressions so far.", video=video.name, n=seen)]
    if row["impressions"] >= hit:
        said[0] += words(" A hit.")
    if not laddered:
        return [*said, *_flowed(video, words)]
    if row["stop_reason"] == "running":
        said.append(words("Still in {pool} at the end of the run.", pool=pool_name(words, row["pool"])))
    last = video.decisions[-1] if video.decisions else None
    if last is None or last.code != "stop":
        return said
    facts = {
        "pool": pool_name(words, last.pool),
        "hours": last.hour + 1 - row["published_hour"],
        "score": f"{last.score:.2f}",
        "mark": f"{last.mark:.2f}",
    }
    if last.reason != "score below mark":
        reason = words(REASON_NAMES[last.reason])
        said.append(words("Stopped in {pool} {hours} h after publishing: {reason}.", reason=reason, **facts))
        return said
    said.append(
        words(
            "Stopped in {pool} {hours} h after publishing: score {score}, pass mark {mark}.",
            **facts,
        )
    )
    names = dict(zip(RATES, rate_names(words), strict=True))
    weak, rise = held_back(last, baseline), enough(last, baseline)
    if weak is not None:
        ratio = last.parts[RATES.index(weak)].ratio
        said.append(
            words(
                "Most was lost on the {rate}: {ratio} times the category's usual rate.",
                rate=_inside(names[weak]),
                ratio=f"{ratio:.2f}" if ratio else 0,
            )
        )
    if rise is not None:
        said.append(
            words(
                "All else equal, a {rate} of {needed} instead of {was} would have been enough.",
                rate=_inside(names[rise.rate]),
                needed=rate_text(rise.needed, language),
                was=rate_text(rise.was, language),
            )
        )
    elif weak is not None:
        said.append(words("No single rate could have made up for it."))
    return said


def _flowed(video: Video, words: Words) -> list[str]:
    """How a video ended under a model without pools."""
    last = video.decisions[-1] if video.decisions else None
    if last is None or last.code != "stop":
        return [words("Still shown at the end of the run.")]
    return [
        words(
            "Shown no more {hours} h after publishing: {reason} (predicted value {value}, competing level "
            "{mark}).",
            hours=last.hour + 1 - video.row["published_hour"],
            reason=words(FLOW_REASONS.get(last.reason, REASON_NAMES[last.reason])),
            value=f"{last.score:.2f}",
            mark=f"{last.mark:.2f}",
        )
    ]


def _inside(name: str) -> str:
    """A name inside a sentence."""
    return name[:1].lower() + name[1:]


def _score_words(video: Video, words: Words) -> ScoreWords:
    rows = [
        words(
            "{pool} · score {score}, mark {mark} · {decision}",
            pool=pool_name(words, decision.pool),
            score=f"{decision.score:.2f}",
            mark=f"{decision.mark:.2f}",
            decision=words(DECISION_NAMES[decision.code]),
        )
        if decision.parts
        else f"{pool_name(words, decision.pool)} · {words(REASON_NAMES[decision.reason])}"
        for decision in video.decisions
    ]
    return ScoreWords(
        rows,
        rate_names(words),
        words("Score"),
        words("Pass mark"),
        words("{rate}: {ratio} × usual, {points} points"),
    )


def _table(video: Video, plan: Scenario, baseline: Baseline, words: Words) -> None:
    """The promotion record: a column a decision, as a phone is narrow and a ladder short."""
    language, decisions = words.language, video.decisions
    columns = [look.Column(words("Decision"), "")]
    laddered = plan.platform.model == "pools"
    columns += [
        look.Column(pool_name(words, decision.pool) if laddered else f"{number}", "")
        for number, decision in enumerate(decisions, start=1)
    ]

    def line(name: str, meaning: str, texts: Sequence[str]) -> list[look.Cell]:
        return [look.Cell(name, meaning=meaning), *(look.Cell(text) for text in texts)]

    def told(decision: Decision, text: str) -> str:
        return text if decision.parts else "–"

    rows = [
        line(
            words("Time"),
            words("When the decision fell, in Beijing time."),
            [moment(words, decision.hour + 1, plan.run.start) for decision in decisions],
        ),
        line(
            words("Age"),
            words("Hours since the video was published."),
            [words("{n} h", n=decision.hour + 1 - video.row["published_hour"]) for decision in decisions],
        ),
        line(
            words("Impressions"),
            words("Impressions in this pool on which it was judged.")
            if laddered
            else words("Impressions so far, on which it was judged."),
            [told(decision, amount(decision.impressions, "count", language)) for decision in decisions],
        ),
    ]
    for k, (rate, name) in enumerate(zip(RATES, rate_names(words), strict=True)):
        rows.append(
            line(
                name,
                (words(RATE_MEANINGS[rate]) if laddered else words("Per impression so far."))
                + words(
                    " Behind it: times the category's usual rate; the score counts at most {cap}.",
                    cap=f"{baseline.cap:g}",
                ),
                [
                    f"{rate_text(decision.parts[k].rate, language)} · {decision.parts[k].ratio:.2f}×"
                    if decision.parts
                    else "–"
                    for decision in decisions
                ],
            )
        )
    score = (
        words("Score"),
        words("The five rates over the category's usual ones, weighted; 1 is a usual video."),
    )
    mark = (
        words("Pass mark"),
        words("Score needed for the next pool; it shifts with the competition of the hour."),
    )
    if not laddered:
        score = (
            words("Predicted value"),
            words(
                "The score of all impressions so far, drawn towards the category's mean while they are few."
            ),
        )
        mark = (
            words("Competing level"),
            words("Value needed to be shown further: it rises with reach and shifts from day to day."),
        )
    rows += [
        line(*score, [told(decision, f"{decision.score:.2f}") for decision in decisions]),
        line(*mark, [told(decision, f"{decision.mark:.2f}") for decision in decisions]),
        line(
            words("Decision"),
            words("What the platform decided."),
            [words(DECISION_NAMES[decision.code]) for decision in decisions],
        ),
        line(
            words("Reason"),
            words("Why it decided so."),
            [
                words(
                    REASON_NAMES[decision.reason]
                    if laddered
                    else FLOW_REASONS.get(decision.reason, REASON_NAMES[decision.reason])
                )
                for decision in decisions
            ],
        ),
    ]
    look.table(columns, rows, [""] * len(rows), words("Promotion record of {video}", video=video.name))
