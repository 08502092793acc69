"""What a sweep gave: one picture by one or two keys, failed runs, the table, questions in SQL."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from sim.app.pages.experiments import sweeping
from sim.app.pages.experiments.start import attempt
from sim.app.pages.experiments.varying import LAYOUT, level_name, value_name
from sim.app.ui import address, choice, look
from sim.app.ui.names import KINDS, in_units, metric_name
from sim.charts.theme import PALETTES
from sim.errors import DamagedError, MatrixsimError
from sim.language import plain
from sim.language.vocabulary import METRICS, QUANTITIES
from sim.language.words import N_, NC_, Words, begun
from sim.report.export import FORM_NAMES, FORMS, exported, fits
from sim.scenario.key_names import key_name
from sim.sweeps.known import Note

if TYPE_CHECKING:
    from sim.analysis.response import Response

METRIC, ACROSS, DOWN, SQL = (f"kept_experiments_{name}" for name in ("metric", "across", "down", "sql"))
ASKED = "experiments_asked"
"""Session key: the last question in SQL and its answer."""
ALONE = ""
"""No second key."""
MOST_SHOWN = 1000
"""Runs in the table on the page; all of them are in the files (chosen)."""
MOST_FAILURES = 50
MOST_NAMED = 6
"""Levels up to which the sentence names each (chosen)."""
CONFIDENCE = 0.95
SETTLED = ("winner", "equivalent", "alone")
"""Verdicts that answer the question."""
SHOWN = (
    "reach", "impressions", "follows", "visits", "orders", "gmv_cny", "cost_cny", "profit_cny", "roi",
    "hit_videos",
)  # fmt: skip
"""Columns of the table on the page."""


def draw(note: Note, words: Words, *, live: bool) -> None:
    """Draws the picture and the runs behind it; of a sweep that is `live`, again and again."""
    about = sweeping.manifest(note)
    if about is None:
        return
    keys = [str(axis["key"]) for axis in about["axes"]]
    metric, chosen = _controls(keys, note, words)
    if live:
        _picture_live(note, about, metric, chosen, words)
        _rest_live(note, keys, words)
    else:
        _picture(note, about, metric, chosen, words)
        _rest(note, keys, words)


def _controls(keys: list[str], note: Note, words: Words) -> tuple[str, list[str]]:
    state = st.session_state
    if METRIC not in state:
        state[METRIC] = address.one_of("metric", METRICS) or "reach"
        state[ACROSS], state[DOWN] = address.read("across"), address.read("down")
    if state[ACROSS] not in keys:
        state[ACROSS] = keys[0]
        state[DOWN] = keys[1] if len(keys) > 1 else ALONE
    others = [ALONE, *(key for key in keys if key != state[ACROSS])]
    if state[DOWN] not in others:
        state[DOWN] = ALONE
    called = {key: key_name(words, key) for key in keys} | {ALONE: words(NC_("second key", "nothing else"))}
    with look.row("experiments_shown"):
        metric = choice.metric_box(words, METRIC, width=180)
        across = look.chosen(words("By"), {key: called[key] for key in keys}, ACROSS, width=240)
        down, second = ALONE, words(NC_("second key", "and by"))
        if len(keys) > 1:
            down = look.chosen(second, {key: called[key] for key in others}, DOWN, width=240)
    choice.note_in_address(metric=metric, across=across, down=down)
    return metric, [across, *([down] if down else [])]


@st.fragment(run_every=3.0)
def _picture_live(note: Note, about: Mapping[str, Any], metric: str, keys: list[str], words: Words) -> None:
    try:
        _picture(note, about, metric, keys, words)
    except DamagedError:  # told by the page
        st.rerun()


@st.fragment(run_every=10.0)
def _rest_live(note: Note, keys: Sequence[str], words: Words) -> None:
    with suppress(DamagedError):  # told by the page
        _rest(note, keys, words)


def _picture(note: Note, about: Mapping[str, Any], metric: str, keys: list[str], words: Words) -> None:
    from sim.analysis.estimate import INDIFFERENCE
    from sim.analysis.response import Varied, response

    axes = [
        Varied(str(axis["key"]), tuple(map(_category, axis["values"])), bool(axis["log"]))
        for axis in about["axes"]
    ]
    found = response(sweeping.runs(note), axes, keys, METRICS[metric], CONFIDENCE, INDIFFERENCE)
    if found is None:
        look.note(words("The picture begins with the first point that has all its seeds and this metric."))
        return
    names = [
        [level_name(words, key, level) for level in levels]
        for key, levels in zip(keys, found.levels, strict=True)
    ]
    whole = sweeping.runs(note).height >= int(about["runs"])
    _verdict(found, keys, names, metric, words, whole=whole)
    title = words(
        "{metric} by {keys}",
        metric=metric_name(words, metric),
        keys=" × ".join(key_name(words, key) for key in keys),
    )
    st.header(look.plain(title), anchor=False)
    caption = _caption(found, words)
    look.note(caption if metric == "hit" else in_units(words, caption, metric))  # a chance carries its %
    _figure(found, keys, names, metric, words, note.key)


def _figure(
    found: "Response",
    keys: Sequence[str],
    names: Sequence[Sequence[str]],
    metric: str,
    words: Words,
    key: str,
) -> None:
    from sim.charts.response import ResponseWords, heat_chart, heat_figure, level_chart, level_figure

    several = sum(cell.standing == "best" for cell in found.cells) > 1
    texts = ResponseWords.of(words, [key_name(words, key) for key in keys], several=several)
    kind, language, ground = KINDS[metric], words.language, look.ground()
    if len(keys) == 1:
        figure = level_figure(level_chart(found, names[0], kind, texts, language), texts, ground)
    else:
        figure = heat_figure(heat_chart(found, names[0], names[1], kind, texts, language), texts, ground)
    look.chart(figure, f"response_{key}_{metric}_{len(keys)}")


def _verdict(
    found: "Response",
    keys: Sequence[str],
    names: Sequence[Sequence[str]],
    metric: str,
    words: Words,
    *,
    whole: bool,
) -> None:
    """Who is best, where that may be said; grey where it cannot be told; so far, where runs are missing."""
    if found.table is None:
        return
    from sim.analysis.estimate import INDIFFERENCE, estimates, settled
    from sim.analysis.named import layout_name
    from sim.analysis.wording import sentence

    def name(place: Sequence[int]) -> str:
        parts = []
        for k, number in enumerate(place):
            level = found.levels[k][number]
            if keys[k] != LAYOUT:
                parts.append(f"{key_name(words, keys[k])} {names[k][number]}")
            elif len(place) > 1:
                parts.append(names[k][number])
            else:
                parts.append(layout_name(str(level.value), words.language, in_sentence=True))
        return " + ".join(parts)

    verdict = settled(found.table, 1 - CONFIDENCE, found.limits, found.margin)
    labels = [name(cell.place) for cell in found.cells]
    best, others, tied = labels[verdict.best], len(labels) - 1, len(verdict.tied)
    if len(labels) <= MOST_NAMED:
        rows = estimates(found.table, CONFIDENCE, found.limits)
        said = sentence(verdict, rows, labels, metric, words.language, CONFIDENCE, INDIFFERENCE)
    elif verdict.code == "winner":
        said = words("{best} is best, ahead of each of the other {n}.", best=best, n=others)
    elif verdict.code == "identical":
        said = words("No difference seen: all {n} gave exactly the same result.", n=len(labels))
    elif verdict.code == "equivalent":
        said = words("Any of {n} will do: none is behind the best by so much that it matters.", n=tied)
    elif tied == len(labels):
        said = words("None of the {n} can be told apart from the best.", n=len(labels))
    else:
        text = N_("{best} has the highest mean; {n} others cannot be told apart from it, {m} are behind.")
        said = words(text, best=best, n=tied - 1, m=len(labels) - tied)
    said = plain.told(begun(said) if whole else words("So far: {said}", said=said), words)
    palette = PALETTES[look.ground()]
    look.headline(said, palette.accent if verdict.code in SETTLED else palette.muted)


def _caption(found: "Response", words: Words) -> str:
    if found.table is not None:
        said = N_(
            "Means over {seeds} seeds with {level} % intervals. The luck is the same at every level, "
            "and levels are compared seed by seed: they may differ although their intervals overlap."
        )
    elif found.unit != "seeds":
        said = N_(
            "Levels hold different points here: {level} % intervals over points show luck and the other keys "
            "together, and who is best is not said."
        )
    elif found.seeds > 1:
        said = N_("Means over {seeds} seeds; {level} % intervals.")
    else:
        said = N_("One seed: there is no interval, and no telling what is luck.")
    said = words(said, seeds=found.seeds, level=f"{100 * CONFIDENCE:.4g}")
    if found.left_out:
        said += words(" Left out, as their point lacks a seed: {n} runs.", n=f"{found.left_out:,}")
    return said


def _rest(note: Note, keys: Sequence[str], words: Words) -> None:
    runs = sweeping.runs(note)
    if runs.is_empty():
        return
    # No numbers in titles, and a place that is kept for what may come: so what is open stays open.
    failed, place = runs.filter(pl.col("status") == "failed"), st.container()
    if failed.height:
        with place.expander(words("Failed runs"), expanded=True):
            _failed(failed, keys, note, words)
    with st.expander(words("Table of runs")):
        _table(runs, keys, note, words)
    with st.expander(words("Ask in SQL")):
        _sql(note, keys, words)


def _failed(failed: pl.DataFrame, keys: Sequence[str], note: Note, words: Words) -> None:
    shown = failed.select(*(k for k in keys if k in failed.columns), "seed", "error").head(MOST_FAILURES)
    st.dataframe(shown, hide_index=True, column_config=_titles(shown.columns, words))
    if failed.height > MOST_FAILURES:
        look.note(words("The first {n}; all are in the table's files.", n=MOST_FAILURES))
    label, live = words("Run the failed ones once more"), sweeping.look(note).state in sweeping.ACTIVE
    retry = partial(sweeping.go_on, note, "--retry-failed")
    look.button(label, attempt, retry, key="experiments_retry", disabled=live)


def _table(runs: pl.DataFrame, keys: Sequence[str], note: Note, words: Words) -> None:
    columns = [name for name in (*keys, "seed", *SHOWN) if name in runs.columns]
    shown = runs.select(columns).head(MOST_SHOWN)
    if LAYOUT in columns:
        names = pl.Series([value_name(words, LAYOUT, value) for value in shown[LAYOUT]], dtype=pl.String)
        shown = shown.with_columns(names.alias(LAYOUT))
    st.dataframe(shown, hide_index=True, height=360, column_config=_titles(columns, words))
    if runs.height > MOST_SHOWN:
        look.note(words("The first {n}; all are in the files.", n=f"{MOST_SHOWN:,}"))
    with st.container(horizontal=True):
        for form in (form for form in FORMS if fits(runs, form)):
            label, file = words("All runs as {kind}", kind=FORM_NAMES[form]), f"runs-{note.key}.{form}"
            look.download(label, partial(exported, runs, form), file, f"experiments_{form}")


def _sql(note: Note, keys: Sequence[str], words: Words) -> None:
    """Questions to DuckDB; it sees the table runs and nothing else."""
    first = keys[0].replace('"', '""')
    begin = (
        f"SELECT \"{first}\", avg(reach) AS reach, count(*) AS runs\nFROM runs WHERE status = 'done'\n"
        "GROUP BY ALL ORDER BY reach DESC"
    )
    key = f"{SQL}_{note.key}"
    if key not in st.session_state:
        st.session_state[key] = begin
    meaning = words("DuckDB's SQL over the table runs; varied keys keep their dots, so quote them.")
    text = st.text_area(words("Question"), key=key, height=140, max_chars=10_000, help=meaning)
    if st.button(words("Ask"), key="experiments_ask"):
        try:
            answer: pl.DataFrame | str = sweeping.ask(note, text or "")
        except MatrixsimError as error:
            answer = error.said(words)
        st.session_state[ASKED] = (note.key, answer)
    asked, answer = st.session_state.get(ASKED, ("", ""))
    if asked != note.key:
        return
    if isinstance(answer, str):
        look.faults([answer])
    elif answer.width:
        st.dataframe(answer, hide_index=True)
        if answer.height >= sweeping.MOST_ROWS:
            look.note(words("Cut off after {n} rows.", n=f"{sweeping.MOST_ROWS:,}"))
    else:
        look.note(words("The question has no rows as its answer."))


def _titles(columns: Sequence[str], words: Words) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in columns:
        title, meaning = key_name(words, name), words("Varied: {key}", key=name)
        if name == "seed":
            title = words("Seed")
            meaning = words("Which luck; the same seed is the same luck at every point.")
        elif name == "error":
            title, meaning = words("Error"), words("Why the run failed.")
        elif (known := QUANTITIES.get(name)) is not None:
            title, meaning = known.label(words.language), known.definition(words.language)
        found[name] = st.column_config.Column(
            title, help=look.plain(meaning), width="large" if name == "error" else None
        )
    return found


def _category(value: Any) -> Any:
    """A value of an axis as the table of runs has it: lists and mixed values are JSON there."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
