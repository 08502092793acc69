"""Campaign calendar 活动排期: which wave comes when, who posts in it, and whether the topic becomes hot."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Comparing, Running, audiences, exists, plan_of
from sim.app.jobs.variants import variation
from sim.app.pages.campaign import waves
from sim.app.ui import choice, comparison, drafting, editing, fields, look, watch, widgets
from sim.app.ui.editors import editor, typed
from sim.app.ui.names import facts, moment, money
from sim.charts.calendar import Bar, CalendarChart, Line, Marks, calendar_chart, calendar_figure
from sim.charts.theme import CATEGORIES, PALETTES
from sim.errors import RunError
from sim.language.names import TIER
from sim.language.numbers import amount
from sim.language.words import N_, NC_, Words, begun
from sim.scenario.campaign import ACCOUNTS, CREATORS, Phase
from sim.scenario.names import account_names, topic_name
from sim.scenario.schema import Scenario

TITLE = N_("Campaign calendar")
LEAD = N_("Which wave comes when, who posts in it, and does its topic become hot?")
WAVES, ASKED = "waves", "campaign_asked"
"""Of the table, among the widgets that edit the draft; session key: what a button asked for."""
METRIC, COMPARED = "kept_campaign_metric", "campaign_compared"
"""Session keys: what the edits are judged by, and the comparison that was asked for."""
BEFORE, WITH, SEEDS = N_("As it was"), N_("With the edits"), 8
OFFERED_IDS = 200
"""Accounts that the table offers one by one (chosen); beyond, by tier or all of them."""
TITLES = {
    "name": (NC_("wave", "Wave"), N_("What the wave is called.")),
    "day": (N_("Day"), N_("Of the run, from 1, in Beijing time.")),
    "time": (NC_("of the day", "Hour"), N_("Of that day, from 0 to 23.")),
    "hours": (N_("Lasts, h"), N_("How long it lasts.")),
    "accounts": (
        N_("Who posts"),
        N_("They post in their waves and at no other time. Left empty, the wave promotes the others'."),
    ),
    "topic": (NC_("wave", "Topic"), N_("That its posts join; empty for the account's own.")),
    "budget_cny": (
        N_("Promotion, CNY"),
        N_("Money that promotes its posts; of an empty wave, the others'."),
    ),
}
"""Columns of the table and what they mean."""


def page(words: Words) -> None:
    """Draws the page."""
    _take_over(words)
    with look.row("campaign", bordered=True):
        request = Running(choice.scenario_box(words), choice.audience_box(words), choice.seed_box(words))
    choice.note_in_address(seed=str(request.seed))
    plan = request.plan()
    shown = st.container()
    _table(words)
    with shown:
        done = watch.answered(request, words) is not None
        _calendar(request, plan, words, done=done)
    _worth(plan, words)


def _take_over(words: Words) -> None:
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
            if name != WAVES:
                continue
            sheet = drafting.sheet()
            rows = editing.edited(found.base, now)
            drafting.take(
                waves.with_waves(sheet.document, rows, sheet.plan.run.first_hour, words("Wave")), words
            )
            new = any(row.origin is None or not row.row.get("name") for row in rows)
            found.shown = None if new else _shown(words)  # to show what a new row got
    except (OSError, RunError) as error:
        watch.failure(error, words)


def _shown(words: Words) -> object:
    """What the table shows of the document."""
    sheet = drafting.sheet()
    return sheet.document["campaign"]["phases"], sheet.plan.run.first_hour, words.language


def _table(words: Words) -> None:
    """The waves, to be edited, and a form to begin with."""
    st.subheader(words("Waves"), anchor=False)
    sheet = drafting.sheet()
    found = editor(WAVES, _shown(words), lambda: waves.rows_of(sheet.document, sheet.plan.run.first_hour))
    look.note(
        words(
            "One row a wave: click a cell to change it, add a row at the end, tick rows to delete them. "
            "Without a row, accounts post as they are planned on Scenario."
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
    config = st.column_config
    whos, topics = _whos(sheet.plan, words), sheet.plan.audience.topics
    given = {row["topic"] for row in found.base if row["topic"]}
    known = {name: topic_name(name, words.language) for name in (*topics, *sorted(given - set(topics)))}
    others = {who: who for row in found.base for who in row["accounts"] or () if who not in whos}
    columns = {
        column: config.NumberColumn(words(title), help=words(meaning), format="localized")
        for column, (title, meaning) in TITLES.items()
    }
    name, who, topic = (
        (words(TITLES[column][0]), words(TITLES[column][1])) for column in ("name", "accounts", "topic")
    )
    columns["name"] = config.TextColumn(name[0], help=name[1], pinned=True, width=150)
    columns["topic"] = widgets.choices(*topic, {"": words("the account's own"), **known}, 130)
    columns["accounts"] = config.MultiselectColumn(
        who[0], help=who[1], width=260, options=[*whos, *others], format_func=(whos | others).__getitem__
    )
    widgets.table(sheet, found, waves.TYPES, columns, words, "campaign", dynamic=True)


def _whos(plan: Scenario, words: Words) -> dict[str, str]:
    """Who can act in a wave, and what to call each."""
    ids = tuple(account.id for account in plan.accounts)[:OFFERED_IDS]
    every = {ACCOUNTS: words("All own accounts"), CREATORS: words("All creators")}
    return {**every, **fields.labels(words, TIER), **account_names(ids, words.language)}


def _worth(plan: Scenario, words: Words) -> None:
    """What the campaign costs, and what it brings over the plan before it was edited, when asked to."""
    origin = drafting.origin()
    before = origin and plan_of(origin)
    costs = [waves.costs(given) for given in (plan, before) if given]
    if any(map(sum, costs)):
        told = [words("{paid} CNY promotion, {creators} CNY creators", paid=money(words, paid),
                      creators=money(words, creators)) for paid, creators in costs]  # fmt: skip
        said = N_("Costs {now}; before the edits {was}.") if origin else N_("Costs {now}.")
        look.lines([words(said, now=told[0], was=told[-1])])
    if not before or choice.users() not in audiences(origin):
        return
    changed = variation(WITH, waves.changed(before, plan), Words("zh")(WITH))
    pair = variation(BEFORE, {}, Words("zh")(BEFORE)), changed
    request = Comparing(origin, choice.users(), pair, SEEDS)
    if changed.settings == pair[0].settings:
        return
    if st.session_state.get(COMPARED) != request.key() and store.found(request) is None:
        label, ask = N_("What do the edits bring? · {n} launches"), st.session_state.__setitem__
        look.button(words(label, n=request.runs), ask, COMPARED, request.key(), key="campaign_compare")
        return
    metric = choice.metric_box(words, METRIC)
    if (found := watch.latest(request, words)) is not None:
        early = watch.early(found.request, request)
        comparison.draw(found.answer, found.request, metric, words, early=early)


def _ask(what: str) -> None:
    st.session_state[ASKED] = what


def _calendar(request: Running, plan: Scenario, words: Words, *, done: bool) -> None:
    """The answer, and the picture: the waves at once, posts and heat once they are computed."""
    videos, heat = (store.table(request, name) if done else None for name in ("videos", "heat"))
    chart = calendar_chart(
        [_bar(phase, plan, words) for phase in sorted(plan.campaign.phases, key=lambda p: p.start_hour)],
        [] if videos is None else _marks(request, videos, plan, words),
        [] if heat is None else _lines(heat, plan, words),
        plan.topics.threshold,
        hours=plan.run.hours,
        start_h=plan.run.first_hour,
        times=[moment(words, plan.run.first_hour + hour) for hour in range(plan.run.hours)],
        day=words("Day {day}", day="{day}"),
        language=words.language,
    )
    if videos is not None:
        look.headline(_said(chart, videos.height, words), PALETTES[look.ground()].accent)
        look.note(facts(words, request, plan.run.hours, seed=request.seed))
    if not plan.topics.heat:
        said = N_(
            "No topic can become hot here: look for Topic heat on Scenario, All parameters, to switch it on."
        )
        look.note(words(said))
    if not (chart.bars or chart.marks):
        return
    st.subheader(words("Waves, posts and heat, day by day"), anchor=False)
    if plan.campaign.phases and plan.campaign.on_time < 1:
        said = N_("{share} of the accounts act on time, the others {hours} h later.")
        share = amount(plan.campaign.on_time, "share", words.language)
        look.note(words(said, share=share, hours=plan.campaign.late_h))
    level = words("hot from {n}", n=f"{plan.topics.threshold:,}")
    look.chart(
        calendar_figure(chart, level, words.language, look.ground()),
        f"calendar_{request.key()[:8]}_{int(done)}",
        words("Calendar of the campaign"),
    )
    if chart.lines:
        look.legend([look.Mark(line.name, line.colour, "line") for line in chart.lines])
        meaning = N_(
            "Below: heat of each topic, the posts and the engagement of the last {hours} h, a post counting "
            "for {weight}."
        )
        look.note(words(meaning, hours=plan.topics.window_h, weight=plan.topics.post_weight))


def _bar(phase: Phase, plan: Scenario, words: Words) -> Bar:
    names = _whos(plan, words)
    paid = words("{n} CNY", n=f"{phase.budget_cny:,.0f}") if phase.budget_cny else ""
    name = " · ".join(filter(None, (phase.name, paid)))
    who = words.listed(names.get(who, who) for who in phase.accounts) or words("nobody posts, only promotion")
    topic = topic_name(phase.topic, words.language) if phase.topic else ""
    hover = " · ".join(filter(None, (phase.name, who, topic, paid)))
    return Bar(name, phase.start_hour, phase.start_hour + phase.hours, bool(phase.accounts), hover)


def _marks(request: Running, videos: pl.DataFrame, plan: Scenario, words: Words) -> list[Marks]:
    """Posts of own accounts and of creators by hour, and boosts of single posts."""
    accounts = store.table(request, "accounts")
    bought = accounts.filter(role="creator").select("account")
    posts = words("{n} posts", n="{n}")
    rows: dict[str, Mapping[int, int]] = {
        words("Posts of own accounts"): _by_hour(videos.join(bought, on="account", how="anti")),
        words("Posts of creators"): _by_hour(videos.join(bought, on="account", how="semi")),
    }
    boosts = dict[int, int]()
    for boost in plan.paid.boosts:
        boosts[boost.start_hour] = boosts.get(boost.start_hour, 0) + 1
    return [
        *(Marks(name, dict(counts), posts) for name, counts in rows.items()),
        Marks(words("Boosts begin"), boosts, words("{n} boosts", n="{n}")),
    ]


def _by_hour(videos: pl.DataFrame) -> dict[int, int]:
    return dict(videos.group_by("published_hour").len().sort("published_hour").iter_rows())


def _lines(heat: pl.DataFrame, plan: Scenario, words: Words) -> list[Line]:
    """Heat of the topics, each in its colour."""
    hues = dict(zip(plan.audience.topics, CATEGORIES * 2, strict=False))
    return [
        Line(topic_name(topic, words.language), hues[topic], tuple(rows.sort("hour")["heat"]))
        for (topic,), rows in heat.group_by("topic", maintain_order=True)
        if rows["heat"].sum()
    ]


def _said(chart: CalendarChart, posts: int, words: Words) -> str:
    """Whether a topic became hot, when and for how long; without heat, how many waves and posts there are."""
    language = words.language
    if not chart.lines:
        if not chart.bars:
            said = N_("No waves: {posts} posts in {hours} h, as planned on Scenario.")
            return words(said, posts=amount(posts, "count", language), hours=chart.hours)
        said = N_("{waves} waves, {posts} posts in {hours} h.")
        return words(said, waves=len(chart.bars), posts=amount(posts, "count", language), hours=chart.hours)
    told = []
    for line in chart.lines:
        hot = [h for h, heat in enumerate(line.heat) if heat >= chart.threshold]
        if hot:
            said = N_("{topic} is hot from {time}, for {hours} h in all.")
            told.append(words(said, topic=line.name, time=chart.times[hot[0]], hours=len(hot)))
    if told:
        return fields.space(words).join(map(begun, told))
    most = max(chart.lines, key=lambda line: max(line.heat))
    said = N_("No topic becomes hot: {topic} comes nearest, with {most} of {threshold}.")
    return words(
        said,
        topic=most.name,
        most=amount(max(most.heat), "count", language),
        threshold=amount(chart.threshold, "count", language),
    )
