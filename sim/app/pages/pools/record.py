"""One video's way up the ladder on the page: in a sentence, as a picture, as a record."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sim.app.ui import look
from sim.app.ui.names import moment
from sim.charts.scores import RATES, Baseline, Decision, ScoreWords, enough, held_back, score_figure
from sim.language.names import DECISION, RATE, REASON
from sim.language.numbers import amount, scale
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, Language, Words
from sim.scenario.schema import Scenario

FLOW_REASONS = {
    "score above mark": N_("value above the competing level"),
    "score below mark": N_("value below the competing level"),
}
"""What two of the reasons are called where there are no pools."""


def reason_name(words: Words, reason: str, *, laddered: bool) -> str:
    """What the reason of a decision, or of a video's end, is called, with pools or without."""
    flows = reason in FLOW_REASONS and not laddered
    return words(FLOW_REASONS[reason]) if flows else REASON[reason].label(words.language)


def pool_name(words: Words, pool: int) -> str:
    """A pool's name, from 1."""
    return words("Pool {n}", n=pool)


def rate_text(rate: float, language: Language) -> str:
    """A response rate in per cent with two decimals, or one where it is large.

    Example:
        >>> rate_text(0.00084, "en"), rate_text(0.1763, "zh")
        ('0.08%', '17.6%')
    """
    large = 0.1
    return scale(rate, "share", language, step=0.001 if rate >= large else 0.0001).text(rate)


def rate_names(words: Words) -> list[str]:
    """The five rates, in the order of the score."""
    return [RATE[rate].label(words.language) for rate in RATES]


class Video(NamedTuple):
    """A row of the table of videos, and the decisions on it."""

    name: str
    row: Mapping[str, Any]
    decisions: tuple[Decision, ...]


def draw(video: Video, plan: Scenario, baseline: Baseline, hit: int, words: Words, key: str) -> None:
    """Draws a video's way up, against the baseline of its scores and the hit mark."""
    laddered = plan.platform.model == "pools"
    look.lines(told(video, baseline, hit, words, laddered=laddered))
    if not video.decisions:
        return
    if laddered and any(decision.parts for decision in video.decisions):
        figure = score_figure(video.decisions, _score_words(video, words), look.ground())
        look.chart(figure, key=f"scores_{key}")
        said = N_(
            "Each part is a rate over the category's usual rate, times its weight. The line is the pass "
            "mark: it rises from pool to pool and shifts with the competition of the hour."
        )
        look.note(words(said))
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
        pool = pool_name(words, row["pool"])
        said.append(words("Still in {pool} at the end of the run.", pool=pool))
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
        ended = N_("Stopped in {pool} {hours} h after publishing: {reason}.")
        return [*said, words(ended, reason=REASON[last.reason].label(words.language), **facts)]
    ended = N_("Stopped in {pool} {hours} h after publishing: score {score}, pass mark {mark}.")
    said.append(words(ended, **facts))
    names = dict(zip(RATES, rate_names(words), strict=True))
    weak, rise = held_back(last, baseline), enough(last, baseline)
    if weak is not None:
        ratio, lost = last.parts[RATES.index(weak)].ratio, _inside(names[weak])
        text = N_("Most was lost on the {rate}: {ratio} times the category's usual rate.")
        said.append(words(text, rate=lost, ratio=f"{ratio:.2f}" if ratio else 0))
    if rise is not None:
        needed, was = rate_text(rise.needed, language), rate_text(rise.was, language)
        text = N_("All else equal, a {rate} of {needed} instead of {was} would have been enough.")
        said.append(words(text, rate=_inside(names[rise.rate]), needed=needed, was=was))
    elif weak is not None:
        said.append(words("No single rate could have made up for it."))
    return said


def _flowed(video: Video, words: Words) -> list[str]:
    last = video.decisions[-1] if video.decisions else None
    if last is None or last.code != "stop":
        return [words("Still shown at the end of the run.")]
    return [
        words(
            "Shown no more {hours} h after publishing: {reason} (predicted value {value}, competing level "
            "{mark}).",
            hours=last.hour + 1 - video.row["published_hour"],
            reason=reason_name(words, last.reason, laddered=False),
            value=f"{last.score:.2f}",
            mark=f"{last.mark:.2f}",
        )
    ]


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:]


def _score_words(video: Video, words: Words) -> ScoreWords:
    rows = []
    for decision in video.decisions:
        pool = pool_name(words, decision.pool)
        score, mark = f"{decision.score:.2f}", f"{decision.mark:.2f}"
        said, code = N_("{pool} · score {score}, mark {mark} · {decision}"), DECISION[decision.code]
        judged = words(said, pool=pool, score=score, mark=mark, decision=code.label(words.language))
        rows.append(judged if decision.parts else f"{pool} · {REASON[decision.reason].label(words.language)}")
    points = words("{rate}: {ratio} × usual, {points} points")
    return ScoreWords(rows, rate_names(words), words("Score"), words("Pass mark"), points)


def _table(video: Video, plan: Scenario, baseline: Baseline, words: Words) -> None:
    """The promotion record: a column a decision, as a phone is narrow and a ladder short."""
    language, laddered = words.language, plan.platform.model == "pools"
    columns = [look.Column(words("Decision"))]
    columns += [
        look.Column(pool_name(words, decision.pool) if laddered else f"{number}")
        for number, decision in enumerate(video.decisions, start=1)
    ]
    rows: list[list[look.Cell | str]] = []

    def line(name: str, meaning: str, text: Callable[[Decision], str], *, judged: bool = False) -> None:
        """A row; where it tells what was judged, decisions without a judgement have none."""
        texts = (text(decision) if decision.parts or not judged else "–" for decision in video.decisions)
        rows.append([look.Cell(name, meaning=meaning), *texts])

    published, start = video.row["published_hour"], plan.run.first_hour
    meaning = words("When the decision fell, in Beijing time.")
    line(words("Time"), meaning, lambda decision: moment(words, decision.hour + 1 + start))
    meaning = words("Hours since the video was published.")
    line(words("Age"), meaning, lambda decision: words("{n} h", n=decision.hour + 1 - published))
    judged_on = words("Impressions so far, on which it was judged.")
    if laddered:
        judged_on = words("Impressions in this pool on which it was judged.")
    name = QUANTITIES["impressions"].label(language)
    line(name, judged_on, lambda decision: amount(decision.impressions, "count", language), judged=True)
    said = N_(" Behind it: times the category's usual rate; the score counts at most {cap}.")
    usual = words(said, cap=f"{baseline.cap:g}")
    for k, (rate, name) in enumerate(zip(RATES, rate_names(words), strict=True)):
        line(
            name,
            (RATE[rate].definition(language) if laddered else words("Per impression so far.")) + usual,
            lambda decision, k=k: (  # type: ignore[misc]  # the default binds the loop's k
                f"{rate_text(decision.parts[k].rate, language)} · {decision.parts[k].ratio:.2f}×"
            ),
            judged=True,
        )
    if laddered:
        score = words("Score")
        scored = words("The five rates over the category's usual ones, weighted; 1 is a usual video.")
        mark = words("Pass mark")
        marked = words("Score needed for the next pool; it shifts with the competition of the hour.")
    else:
        score, mark = words("Predicted value"), words("Competing level")
        scored = words(
            "The score of all impressions so far, drawn towards the category's mean while they are few."
        )
        marked = words("Value needed to be shown further: it rises with reach and shifts from day to day.")
    line(score, scored, lambda decision: f"{decision.score:.2f}", judged=True)
    line(mark, marked, lambda decision: f"{decision.mark:.2f}", judged=True)
    what, why = words("What the platform decided."), words("Why it decided so.")
    line(words("Decision"), what, lambda decision: DECISION[decision.code].label(words.language))
    line(words("Reason"), why, lambda decision: reason_name(words, decision.reason, laddered=laddered))
    look.table(columns, rows, words("Promotion record of {video}", video=video.name))
