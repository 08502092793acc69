"""The part of My data that fits the scenario in hand to the files, and says how well that goes."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from sim.app.jobs.questions import Calibrating, Foretelling, Replaying
from sim.app.jobs.request import exists, plan_of
from sim.app.pages.mydata import beside
from sim.app.pages.mydata.hand import FIT, take, told
from sim.app.ui import choice, editing, look, watch
from sim.app.ui.names import scenario_name
from sim.language import plain
from sim.language.numbers import RANGE, three_digits
from sim.language.words import N_, NC_, Words
from sim.scenario import key_names
from sim.scenario.names import account_name
from sim.scenario.schema import Scenario

REST = " …"
"""Behind the first number of a list."""


def draw(name: str, words: Words) -> None:
    """Draws the section."""
    st.header(words("A scenario with my numbers"), anchor=False)
    plan, fitted_from = plan_of(choice.name()), str(st.session_state.get(FIT, ""))
    look.note(
        words(
            "{scenario} is fitted to these videos: rates, spreads, luck of accounts and the ladder. It takes "
            "up to three minutes.", scenario=scenario_name(words, choice.name()),
        )
    )  # fmt: skip
    if fitted_from != choice.name():
        look.button(words("Fit to my data"), _ask, type="primary" if not fitted_from else "secondary")
    if not exists(fitted_from):  # not asked for, or so long ago that its version is not kept
        return
    answer = watch.answered(Calibrating(fitted_from, None, name), words)
    if answer is None:
        return
    look.lines([plain.told(line, words) for line in answer["told"][words.language]])
    beside.draw(Replaying(fitted_from, None, name), words)
    ids = [account.id for account in plan_of(fitted_from).accounts]
    known = [row for row in answer["rows"] if row["identified"]]
    rest = [row for row in answer["rows"] if not row["identified"]]
    with st.expander(words("What was fitted ({n})", n=len(known))):
        _keys(known, ids, words("Fitted"), words)
    with st.expander(words("Not told by these data, and left as they were ({n})", n=len(rest))):
        _keys(rest, ids, words("Not told by these data"), words)
    same = Scenario.loads(answer["fitted"]).with_values({"name": plan.name}) == plan
    with st.container(horizontal=True):
        look.button(
            words("Use the fitted scenario"), _take_fitted, answer["fitted"], words, disabled=same,
            type="primary",
        )  # fmt: skip
        look.download(
            words("Download as TOML"), answer["toml"][words.language], "fitted.toml", "mydata_toml",
            help=words("With its interval behind each fitted key."),
        )  # fmt: skip
    told("fit", words)
    if fitted_from != choice.name() and not same:
        look.note(words("This fit is older than the scenario in hand: using it takes later edits back."))
    if same:
        look.note(words("The scenario in hand is the fitted one: Compare layouts now uses your numbers."))
    _foretold(fitted_from, name, words)


def _foretold(fitted_from: str, name: str, words: Words) -> None:
    """How well the newest videos are foretold from the earlier ones, beside two plain guesses."""
    title = words("Does it foresee the next ones?")
    st.header(title, anchor=False)
    answer = watch.answered(Foretelling(fitted_from, None, name), words)
    if answer is None:
        return
    look.lines([plain.told(line, words) for line in answer["told"][words.language]])
    if rows := answer["rows"][words.language]:
        columns = [look.Column(plain.told(head, words)) for head in answer["heads"][words.language]]
        look.table(columns, [[plain.told(cell, words) for cell in row] for row in rows], title)
        look.note(
            words(
                "An error of × 2 is that of a single number which is off by a factor of two; how wide the "
                "range is counts too (CRPS). Ranges are right where they hold as many videos as they say."
            )
        )


def _ask() -> None:
    st.session_state[FIT] = choice.name()


def _take_fitted(text: str, words: Words) -> None:
    fitted = Scenario.loads(text).with_values({"name": plan_of(choice.name()).name})
    take(lambda: editing.document(fitted), "fit", words)


def _keys(rows: Sequence[Mapping[str, Any]], ids: Sequence[str], title: str, words: Words) -> None:
    """Keys with what stood there, what is fitted and its interval; of those not told, why instead."""
    if not rows:
        return
    heads = (N_("key"), NC_("calibration", "before"), NC_("calibration", "fitted"), N_("interval"))
    if not rows[0]["identified"]:
        heads = (*heads[:2], N_("interval"), N_("why"))
    columns = [look.Column(words(head), wide=head == "interval") for head in heads]
    look.table(columns, [_key(row, ids, words) for row in rows], title)


def _key(row: Mapping[str, Any], ids: Sequence[str], words: Words) -> list[look.Cell | str]:
    key, _, part = row["key"].partition(":")
    name = key_names.gist(words, key) + (f" ({part})" if part else "")
    if key.startswith("accounts."):
        _, number, field = key.split(".")
        account = account_name(ids[int(number)], words.language)
        name = f"{account} · {key_names.label(words, f'accounts.*.{field}')}"
    before, between = _number(row["before"]), "–"
    if row["low"] is not None:
        low, high = (_number(row[end]) for end in ("low", "high"))
        between = RANGE[words.language].format(low=low.removesuffix(REST), high=high)
    if not row["identified"]:
        return [look.Cell(name, meaning=row["key"]), before, between, words(row["why"])]
    return [look.Cell(name, meaning=row["key"]), before, look.Cell(_number(row["value"]), between), between]


def _number(value: Any) -> str:
    """A number as people read it; of a list the first, which is the one that data tell."""
    if isinstance(value, list | tuple):
        return _number(value[0]) + REST
    return value if isinstance(value, str) else "–" if value is None else three_digits(float(value))
