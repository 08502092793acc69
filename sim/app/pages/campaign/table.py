"""The calendar's table: every event a row, edited where it stands; and a form to begin with."""

from collections.abc import Sequence

import streamlit as st

from sim.app.jobs.request import exists
from sim.app.pages.campaign import events, waves
from sim.app.pages.campaign.events import KINDS, Refused, Setting
from sim.app.ui import drafting, editing, fields, look, watch, widgets
from sim.app.ui.drafting import Sheet
from sim.app.ui.editors import editor, typed
from sim.errors import RunError
from sim.language.names import TIER
from sim.language.words import N_, NC_, Words
from sim.scenario.campaign import ACCOUNTS, CREATORS
from sim.scenario.names import account_names, topic_name
from sim.scenario.schema import Scenario

EVENTS, ASKED, REFUSED = "events", "campaign_asked", "campaign_refused"
"""Of the table, among the widgets that edit the draft; session keys: what a button asked for, what of the
last edit could not be had."""
OFFERED_IDS = 200
"""Accounts that the table offers one by one (chosen); beyond, by tier or all of them."""
TITLES = {
    "kind": (N_("What"), N_("A wave, a boost of one post, when creators post, or an account's own posts.")),
    "day": (N_("Day"), N_("Of the run, from 1, in Beijing time.")),
    "time": (NC_("of the day", "Hour"), N_("Of that day, from 0 to 23.")),
    "hours": (N_("Lasts, h"), N_("How long it lasts; of creators' posts, over how long they are spread.")),
    "accounts": (
        N_("Who"),
        N_(
            "Who posts, of a boost who pays. In a wave they post then and at no other time; left empty, the "
            "wave promotes the others'."
        ),
    ),
    "name": (NC_("wave", "Wave"), N_("What the wave is called.")),
    "topic": (NC_("wave", "Topic"), N_("That its posts join; empty for the account's own.")),
    "post": (
        N_("Post boosted"),
        N_("A number of the account's own posts, from 0; or another account's, such as main#3."),
    ),
    "budget_cny": (
        N_("Promotion, CNY"),
        N_("Money of a boost; of a wave, that promotes its posts, of an empty wave the others'."),
    ),
    "per_day": (N_("Posts a day"), N_("Of an account's own posts.")),
}
"""Columns of the table and what they mean."""


def take_over(words: Words) -> None:
    """Takes over what was typed in the table, or asked for by a button; before any control is drawn."""
    try:
        match st.session_state.pop(ASKED, ""):
            case "three":
                sheet = drafting.sheet()
                names = words(NC_("wave", "Opening")), words("Everybody joins"), words("Promotion")
                drafting.take(waves.three_waves(sheet.document, sheet.plan, names), words)
            case "undo":
                drafting.go_back(drafting.way().before, words, undo=True)
        for name, found, _, now in typed():
            if name != EVENTS:
                continue
            sheet, rows = drafting.sheet(), editing.edited(found.base, now)
            document, refused = events.with_rows(sheet.document, rows, _setting(sheet, words))
            st.session_state[REFUSED] = refused
            if document != sheet.document:
                drafting.take(document, words)
            sheet = drafting.sheet()
            says = events.rows_of(sheet.document, _setting(sheet, words))
            # What the document says otherwise than the table, such as what a new row got, is shown anew.
            found.shown = _shown(sheet, words) if events.same(rows, says) else None
    except (OSError, RunError) as error:
        watch.failure(error, words)


def draw(words: Words) -> None:
    """Draws the table, what is wrong with it, and a form to begin with."""
    st.subheader(words("Calendar"), anchor=False)
    sheet = drafting.sheet()
    found = editor(
        EVENTS, _shown(sheet, words), lambda: events.rows_of(sheet.document, _setting(sheet, words))
    )
    look.note(
        words(
            "One row an event: click a cell to change it, add a row at the end for a wave or a boost, tick "
            "rows to delete them. Who is in a wave posts then and at no other time."
        )
    )
    with st.container(horizontal=True, key="campaign_forms"):
        meaning = words(
            "A few creators open the topic, then everybody joins, then money promotes what has joined. Takes "
            "the creators that the plan books, and switches topic heat on; the waves below are replaced."
        )
        st.button(words("Fill in three waves"), on_click=_ask, args=("three",), help=meaning)
        back = exists(drafting.way().before)
        help_ = words("Takes the last edit back.")
        st.button(words("Undo"), on_click=_ask, args=("undo",), disabled=not back, help=help_)
    config, topics = st.column_config, sheet.plan.audience.topics
    names = whos(sheet.plan, words)
    given = {row["topic"] for row in found.base if row["topic"]}
    known = {name: topic_name(name, words.language) for name in (*topics, *sorted(given - set(topics)))}
    others = {who: who for row in found.base for who in row["accounts"] or () if who not in names}
    said = {column: (words(title), words(meaning)) for column, (title, meaning) in TITLES.items()}
    columns = {
        column: config.NumberColumn(title, help=meaning, format="localized")
        for column, (title, meaning) in said.items()
    }
    columns["kind"] = widgets.choices(*said["kind"], {key: words(k.name) for key, k in KINDS.items()}, 110)
    columns["name"] = config.TextColumn(said["name"][0], help=said["name"][1], width=115)
    columns["post"] = config.TextColumn(said["post"][0], help=said["post"][1], width=125)
    columns["topic"] = widgets.choices(*said["topic"], {"": words("the account's own"), **known}, 105)
    columns["accounts"] = config.MultiselectColumn(
        said["accounts"][0], help=said["accounts"][1], width=170, options=[*names, *others],
        format_func=(names | others).__getitem__,
    )  # fmt: skip
    keys = "campaign", "paid", "seeding.window_h", "seeding.topic", "accounts"
    widgets.table(sheet, found, events.TYPES, columns, words, *keys, dynamic=True)
    look.faults(_told(st.session_state.get(REFUSED, ()), words))
    more = len(sheet.document["accounts"]) - events.MOST_POSTING
    if more > 0:
        look.note(words("Own posts of {n} more accounts stand on Scenario.", n=more))


def whos(plan: Scenario, words: Words) -> dict[str, str]:
    """Who can act in an event, and what to call each."""
    ids = tuple(account.id for account in plan.accounts)[:OFFERED_IDS]
    every = {ACCOUNTS: words("All own accounts"), CREATORS: words("All creators")}
    return {**every, **fields.labels(words, TIER), **account_names(ids, words.language)}


def _setting(sheet: Sheet, words: Words) -> Setting:
    return Setting(sheet.plan, words("Wave"), words("Creators' posts"))


def _shown(sheet: Sheet, words: Words) -> object:
    """What the table shows of the document."""
    return events.rows_of(sheet.document, _setting(sheet, words)), words.language


def _told(refused: Sequence[Refused], words: Words) -> list[str]:
    """What the last edit asked for and is not there, in words."""
    told = []
    for kind, column in refused:
        name = words(KINDS[kind].name)
        if column:
            said = N_("“{event}” has no “{column}”: what was typed there is left out.")
            told.append(words(said, event=name, column=words(TITLES[column][0])))
        else:
            told.append(words(KINDS[kind].fixed))
    return told


def _ask(what: str) -> None:
    st.session_state[ASKED] = what
