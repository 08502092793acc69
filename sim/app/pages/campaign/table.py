"""The calendar's table: every event a row, edited where it stands; and a form to begin with."""

from collections.abc import Sequence
from math import ceil

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.questions import MOST_CNY
from sim.app.jobs.request import Running, exists
from sim.app.pages.campaign import events, waves
from sim.app.pages.campaign.events import KINDS, Refused, Setting
from sim.app.ui import choice, drafting, editing, fields, look, names, watch, widgets
from sim.app.ui.drafting import Sheet
from sim.app.ui.editing import Document
from sim.app.ui.editors import editor, typed
from sim.errors import RunError, ScenarioError
from sim.language.names import TIER
from sim.language.words import N_, NC_, Words
from sim.scenario.campaign import ACCOUNTS, CREATORS
from sim.scenario.faults import said
from sim.scenario.names import account_names, topic_name
from sim.scenario.schema import Scenario

EVENTS, ASKED, REFUSED = "events", "campaign_asked", "campaign_refused"
"""Of the table, among the widgets that edit the draft; session keys: what a button asked for, what of the
last edit could not be had."""
MOST_WAVES = 200
"""Waves that a scenario may have (sim/scenario/campaign.py)."""
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
                drafting.take(_three_waves(drafting.sheet(), words), words)
            case "single":
                sheet, account = drafting.sheet(), st.session_state[_key("account")]
                hours = _hours(Running(choice.name(), choice.users(), choice.seed()))[account]
                drafting.take(events.one_by_one(sheet.document, account, hours), words)
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


def draw(request: Running, words: Words) -> None:
    """Draws the table, what is wrong with it, and a form to begin with."""
    st.header(words("Calendar"), anchor=False)
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
        with st.popover(words("Fill in three waves"), key=_key("waves")):
            _three(sheet, words)
        with st.popover(words("Posts one by one"), key=_key("posts")):
            _one_by_one(sheet.plan, request, words)
        back = exists(drafting.way().before)
        help_ = words("Takes the last edit back.")
        st.button(words("Undo"), on_click=_ask, args=("undo",), disabled=not back, help=help_)
    config, topics = st.column_config, sheet.plan.audience.topics
    who = whos(sheet.plan, words)
    given = {row["topic"] for row in found.base if row["topic"]}
    known = {name: topic_name(name, words.language) for name in (*topics, *sorted(given - set(topics)))}
    others = {name: name for row in found.base for name in row["accounts"] or () if name not in who}
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
        said["accounts"][0], help=said["accounts"][1], width=170, options=[*who, *others],
        format_func=(who | others).__getitem__,
    )  # fmt: skip
    keys = "campaign", "paid", "seeding.window_h", "seeding.topic", "accounts"
    widgets.table(sheet, found, events.TYPES, columns, words, *keys, dynamic=True)
    look.faults(_told(st.session_state.get(REFUSED, ()), words))
    more = len(sheet.document["accounts"]) - events.MOST_POSTING
    if more > 0:
        look.note(words("Own posts of {n} more accounts stand on Scenario.", n=more))


def _one_by_one(plan: Scenario, request: Running, words: Words) -> None:
    """Draws the choice of an account each of whose posts is to have a row, and the button for it."""
    look.note(
        words(
            "Each post of an account becomes a row of its own, to be moved, deleted or added to. Nothing "
            "changes until you move one."
        )
    )
    hours, room = _hours(request), MOST_WAVES - len(plan.campaign.phases)
    free = (a.id for a in plan.accounts if a.role != "creator" and not plan.campaign.waves_of(a))
    fits = [name for name in free if 0 < len(hours.get(name, ())) <= room]
    if not fits:
        look.lines(
            [words("There is no such account: those in waves post in them, the others wait for the run.")]
        )
        return
    named = account_names(tuple(fits), words.language)
    look.chosen(words("Account"), {name: named[name] for name in fits}, _key("account"))
    st.button(words("Give each post a row"), on_click=_ask, args=("single",), key="campaign_single")


def _hours(request: Running) -> dict[str, list[int]]:
    """Hours in which each account posts, by the run if it is computed; none where others publish for it."""
    if store.found(request) is None or request.plan().structure.kind != "written":
        return {}
    videos = store.table(request, "videos").sort("published_hour")
    return {str(name): list(rows["published_hour"]) for (name,), rows in videos.group_by("account")}


def _three(sheet: Sheet, words: Words) -> None:
    """Draws what a challenge in three waves is, what it may cost, what that buys, and the button for it."""
    look.note(
        words(
            "A few creators open the topic, then everybody joins, then money promotes what has joined. Takes "
            "the creators that the plan books, or books some where it has none, and switches topic heat on; "
            "the waves below are replaced."
        )
    )
    usual = waves.usual(sheet.plan)
    named = {"creators": words("For creators, CNY"), "promotion": words("For promotion, CNY")}
    for part, cny in usual._asdict().items():
        if cny is not None:
            st.number_input(named[part], 0, MOST_CNY, ceil(cny), 10_000, key=_key(part))
    try:
        made = editing.checked(_three_waves(sheet, words))
    except ScenarioError as error:
        look.faults([said(error, words)])
        return
    promotion, creators = waves.costs(made)
    told = N_("Costs {total} CNY: {promotion} for promotion, {creators} for creators ({who}).")
    facts = {"total": promotion + creators, "promotion": promotion, "creators": creators}
    who = names.creators(words, made.seeding.counts or ()) or words("nobody")
    cost = words(told, who=who, **{name: f"{cny:,.0f}" for name, cny in facts.items()})
    look.lines([cost, *made.campaign.noted(made, words.language)])
    st.button(words("Replace the waves by these"), on_click=_ask, args=("three",), key="campaign_three")


def _three_waves(sheet: Sheet, words: Words) -> Document:
    """The document with a challenge in three waves, for the money that is chosen."""
    called = words(NC_("wave", "Opening")), words("Everybody joins"), words("Promotion")
    usual = waves.usual(sheet.plan)
    chosen = {part: st.session_state.get(_key(part), cny) for part, cny in usual._asdict().items()}
    return waves.three_waves(sheet.document, sheet.plan, called, waves.Money(**chosen))


def _key(part: str) -> str:
    """Key of a control beside the table; another plan has its own."""
    return f"campaign_{part}_{choice.name()}"


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
