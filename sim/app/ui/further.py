"""What a finished comparison can be asked further: why its best is ahead, what wrong assumptions do.

Buttons beneath a verdict say how long each takes; what was asked stands in the address.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from sim.analysis.reasons import GROUPS, WHY_SEEDS, over_box, reasons, today
from sim.app.jobs import store
from sim.app.jobs.questions import DRAWS, Doubting, Explaining, Later, Surveying
from sim.app.jobs.request import Comparing, Request, Timing
from sim.app.jobs.store import Answer, Judged
from sim.app.ui import address, curves, look, platforms, watch
from sim.app.ui.names import (
    KINDS,
    in_units,
    lasting,
    metric_name,
    sentence_name,
    variant_hues,
    variant_names,
)
from sim.charts.box import box_chart, box_figure, nobody_hue
from sim.charts.lead import lead_chart, lead_figure
from sim.language import plain
from sim.language.numbers import amount
from sim.language.words import N_, Words, begun
from sim.scenario.key_names import gist

MARK = 12
"""Characters of a request's key that stand in the address for 'this was asked'."""
ASKED = "kept_further_{}"
"""Session key of the mark, by question."""
WHY, ROBUST, PLATFORMS = OWN = "why", "robust", "platforms"
MONEY, ACCOUNTS, REVIEW = "money", "accounts", "review"
"""The questions, as the address has them."""
ASK = {
    WHY: N_("Why? · {time}"), ROBUST: N_("How sure if the assumptions are wrong? · {time}"),
    PLATFORMS: N_("Does it hold if the platform works differently? · {time}"),
    MONEY: N_("What would more money bring? · {time}"), ACCOUNTS: N_("How many accounts? · {time}"),
    REVIEW: N_("Which accounts to stop or merge? · {time}"),
}  # fmt: skip
MEANING = {
    WHY: N_(
        "Shares the lead out over followers, luck, crowding and topics: each is switched off and on, on "
        "{seeds} fresh rounds, which nothing was chosen on ({runs} launches)."
    ),
    ROBUST: N_(
        "Every number that is known to a range only, assumed or measured, is drawn {draws} times from it, "
        "the same for all variants ({runs} launches)."
    ),
    PLATFORMS: N_(
        "No platform publishes how it chooses. The same comparison, with the same luck, under each of the "
        "other platform models ({runs} launches)."
    ),
    MONEY: N_(
        "Looks for the best mix of smaller and larger budgets and says where a further yuan stops paying "
        "({runs} launches at most). What is tried stays when it is stopped."
    ),
    ACCOUNTS: N_(
        "Up to 16 accounts beside the main one, for three ways of sharing the posts out: where one more "
        "stops paying ({runs} launches at most)."
    ),
    REVIEW: N_(
        "The plan as written, beside the same plan without each of its sub-accounts: stopped, or merged "
        "into the main account ({runs} launches)."
    ),
}


class Further(NamedTuple):
    """What was asked further and is answered."""

    reasons: tuple[Explaining, Answer] | None = None
    doubts: tuple[Doubting, Answer] | None = None
    others: tuple[tuple[Later, Answer], ...] = ()


def ask(
    request: Comparing,
    comparison: Judged,
    metric: str,
    words: Words,
    others: Mapping[str, Later] | None = None,
    of: Sequence[str] = OWN,
) -> Further:
    """Draws the buttons, how far their work is, and the answers in words; what is answered, for `draw`.

    Of the comparison itself those named are asked; what else can be asked here stands in `others`, by the
    name in the address.
    """
    differ = differs(comparison)
    why, doubt, survey = asked(request, comparison, metric) if differ else (None, None, None)
    others = others or {}
    own = {WHY: why, ROBUST: doubt, PLATFORMS: survey}
    questions: dict[str, Request] = {n: q for n, q in own.items() if q is not None and n in of} | {**others}
    with st.container(horizontal=True, key=f"further_{'_'.join(questions)}"):
        for name, question in questions.items():
            if not wanted(name, question):
                _button(name, question, words)
    found = dict.fromkeys(own) | {
        name: watch.answered(question, words) if wanted(name, question) else None
        for name, question in questions.items()
    }
    names = {v.name: sentence_name(words, v) for v in request.variants}
    reasoned = doubted = None
    if why is not None and (answer := found[WHY]) is not None:
        seeds, pair = answer["seeds"], (names[why.variants[0].name], names[why.variants[1].name])
        if any(row["share"] for row in answer["why"]):
            because = reasons(answer["why"], pair, metric, words.language, seeds)
            look.lines([plain.told(line, words) for line in because])
            reasoned = why, answer
        else:
            said = N_("In {seeds} fresh rounds both gave the same: there is no lead to share out.")
            look.lines([words(said, seeds=seeds)])
    if doubt is not None and (answer := found[ROBUST]) is not None:
        *more, turns = _in_doubt(answer["comparisons"].get(metric, {}), today(comparison), names, words)
        look.lines([turns])
        look.folded(more, 0, words)
        doubted = doubt, answer
    if survey is not None and (answer := found[PLATFORMS]) is not None:
        verdicts = platforms.joined(survey, answer, comparison, metric)
        platforms.draw(verdicts, variant_names(words, request.variants), words)
    told = tuple((question, answer) for name, question in others.items() if (answer := found[name]))
    for question, answer in told:
        look.lines([plain.told(line, words) for line in curves.told(question, answer, words)])
    return Further(reasoned, doubted, told)


def differs(comparison: Judged) -> bool:
    """Whether there is anything to be asked of it."""
    return comparison["verdict"]["code"] not in ("alone", "identical")


def asked(request: Comparing, comparison: Judged, metric: str) -> tuple[Explaining, Doubting, Surveying]:
    """What a finished comparison of two variants or more can be asked further."""
    by_name = {variant.name: variant for variant in request.variants}
    order = sorted(comparison["variants"], key=lambda v: -v["mean"])
    best, second = (by_name[row["name"]] for row in order[:2])
    given = request.scenario, request.users
    drawn = tuple(by_name[row["name"]] for row in comparison["variants"])
    return (
        Explaining(*given, (best, second), WHY_SEEDS, metric),
        Doubting(*given, drawn, DRAWS),
        Surveying(*given, drawn, comparison["seeds"]),
    )


def answered(request: Comparing, comparison: Judged, metric: str) -> dict[str, Any]:
    """The comparison with what is answered of it, as `compare --why --robust --platform all` writes it."""
    questions = asked(request, comparison, metric)
    why, doubt, survey = map(store.found, questions)
    found = dict(comparison)
    if why is not None:
        found["why"] = why["why"]
    if doubt is not None and (robust := doubt["comparisons"].get(metric, {}).get("robust")):
        found["robust"] = robust | {"today": today(comparison)}
    if survey is not None:
        found["platforms"] = platforms.joined(questions[2], survey, comparison, metric)
    return found


def draw(further: Further, metric: str, words: Words) -> None:
    """Draws the figures of what is answered."""
    if further.reasons is not None:
        _lead(*further.reasons, metric, words)
    if further.doubts is not None:
        request, answer = further.doubts
        found = answer["comparisons"].get(metric, {}).get("robust")
        if found is not None:
            _map(request, found, metric, words)
    for question, answered_ in further.others:
        curves.draw(question, answered_, words)


def axis_names(robust: Mapping[str, Any], words: Words) -> dict[str, str]:
    """What the two assumptions of a map are called, by key: their names without what explains them."""
    return {axis["key"]: gist(words, axis["key"]) for axis in robust["axes"]}


def wanted(name: str, question: Request) -> bool:
    """Whether it was asked in this tab or by the address, or is answered already."""
    kept = ASKED.format(name)
    if kept not in st.session_state:
        st.session_state[kept] = address.read(name)[:MARK]
    wanted = st.session_state[kept] == question.key()[:MARK]
    address.write({name: question.key()[:MARK] if wanted else ""})
    return wanted or store.found(question) is not None


def takes(question: Request, words: Words) -> str:
    """How long an answer takes; how many launches that is, while no run was timed."""
    timed = watch.unseen(Timing(question.scenario, question.users))
    if timed is None:
        return words("{n} launches", n=f"{question.runs:,}")
    seconds = question.runs * timed["seconds"] / timed["workers"]
    # What others leave of the machine halves it now and then.
    return words("{time} to {most}", time=lasting(seconds, words), most=lasting(2 * seconds, words))


def want(name: str, question: Request) -> None:
    """Asks a question, in this tab."""
    st.session_state[ASKED.format(name)] = question.key()[:MARK]


def _button(name: str, question: Request, words: Words) -> None:
    """A button that says how long its answer takes."""
    meaning = words(MEANING[name], seeds=WHY_SEEDS, draws=DRAWS, runs=f"{question.runs:,}")
    said = words(ASK[name], time=takes(question, words))
    look.button(said, want, name, question, key=f"ask_{name}", help=meaning)


def _in_doubt(comparison: Judged, now: list[str], names: look.Names, words: Words) -> list[str]:
    """What is best now, and where each variant is best, in words."""
    found = comparison.get("robust")
    if found is None:
        return [words("This scenario rests on too few assumptions to draw a map of them.")]
    called = axis_names(found, words)
    marks = "“{}”" if words.language == "zh" else '"{}"'  # Chinese fonts draw curly ones wide
    axes = [{**axis, "key": marks.format(called[axis["key"]])} for axis in found["axes"]]
    told = over_box({**found, "axes": axes, "today": now}, names, words.language)
    return [line.replace(" “", "“").replace("” ", "”") for line in told]


def _lead(request: Explaining, answer: Answer, metric: str, words: Words) -> None:
    best, second = variant_names(words, request.variants).values()
    title = words("{metric}: what the lead is made of", metric=metric_name(words, metric))
    st.header(title, anchor=False)
    note = words("Parts of the lead of {best}; lines are 95 % intervals.", best=best)
    look.note(in_units(words, note, metric))
    said = N_("Ahead of {other}, the runner-up")
    titles = {"runner_up": words(said, other=second), "written": words("Ahead of the plan as written")}
    groups = {key: begun(words(text)) for key, text in GROUPS.items()}
    chart = lead_chart(answer["why"], groups, titles, KINDS[metric], words.language)
    look.chart(lead_figure(chart, words, look.ground()), f"lead_{request.key()[:8]}", title)


def _map(request: Doubting, robust: Mapping[str, Any], metric: str, words: Words) -> None:
    names = variant_names(words, request.variants)
    hues = variant_hues(request.variants)
    chart = box_chart(robust, names, hues, axis_names(robust, words), words.language)
    title = words("{metric}: best over the range of the assumptions", metric=metric_name(words, metric))
    st.header(title, anchor=False)
    said = N_(
        "Areas are shares of the assumptions' range, not probabilities: nobody knows how likely each point "
        "of it is. The axes are the two assumptions that move the answer most."
    )
    look.note(words(said))
    marks = [
        look.Mark(f"{names[name]} {amount(share, 'share', words.language)}", hues[name])
        for name, share in sorted(robust["shares"].items(), key=lambda item: -item[1])
        if share
    ]
    if chart.nobody:
        share = amount(chart.nobody, "share", words.language)
        marks.append(look.Mark(f"{words('Cannot tell')} {share}", nobody_hue(look.ground())))
    look.legend(marks)
    alt = words("Map of what is best over the range of two assumptions")
    look.chart(box_figure(chart, words, look.ground()), f"box_{request.key()[:8]}_{metric}", alt)
