"""Campaign calendar 活动排期: who posts when, what is boosted, and whether the topic becomes hot."""

from collections import Counter
from collections.abc import Mapping

import polars as pl
import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Comparing, Running, audiences, plan_of
from sim.app.jobs.variants import variation
from sim.app.pages.campaign import table, waves
from sim.app.pages.campaign.bars import MOST_BOOSTS, Called, several
from sim.app.pages.campaign.events import KINDS
from sim.app.ui import choice, comparison, drafting, fields, look, watch
from sim.app.ui.names import facts, moment, money
from sim.charts.calendar import CalendarChart, Line, Marks, calendar_chart, calendar_figure
from sim.charts.theme import CATEGORIES, PALETTES
from sim.language.numbers import amount
from sim.language.words import N_, Words, begun
from sim.scenario.names import topic_name
from sim.scenario.schema import Scenario

TITLE = N_("Campaign calendar")
LEAD = N_("Who posts when, in which wave, what is boosted, and does the topic become hot?")
METRIC, COMPARED = "kept_campaign_metric", "campaign_compared"
"""Session keys: what the edits are judged by, and the comparison that was asked for."""
BEFORE, WITH, SEEDS = N_("As it was"), N_("With the edits"), 8


def page(words: Words) -> None:
    """Draws the page."""
    table.take_over(words)
    with look.row("campaign", bordered=True):
        request = Running(choice.scenario_box(words), choice.audience_box(words), choice.seed_box(words))
    choice.note_in_address(seed=str(request.seed))
    plan = request.plan()
    shown = st.container()
    table.draw(request, words)
    with shown:
        done = watch.answered(request, words) is not None
        _calendar(request, plan, words, done=done)
    _worth(plan, words)


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


def _calendar(request: Running, plan: Scenario, words: Words, *, done: bool) -> None:
    """The answer, and the picture: the waves at once, posts and heat once they are computed."""
    called = Called(words, table.whos(plan, words))
    videos, heat = (store.table(request, name) if done else None for name in ("videos", "heat"))
    chart = calendar_chart(
        [bar for kind in KINDS.values() for bar in kind.bars(plan, called)],
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
        look.headline(_said(chart, videos.height, len(several(plan)), words), PALETTES[look.ground()].accent)
        look.note(facts(words, request, plan.run.hours, seed=request.seed))
    if not plan.topics.heat:
        said = N_(
            "No topic can become hot here: look for Topic heat on Scenario, All parameters, to switch it on."
        )
        look.note(words(said))
    if not (chart.bars or chart.marks):
        return
    st.header(words("Waves, posts, boosts and heat, day by day"), anchor=False)
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


def _marks(request: Running, videos: pl.DataFrame, plan: Scenario, words: Words) -> list[Marks]:
    """Posts of own accounts and of creators by hour, and boosts of single posts."""
    accounts = store.table(request, "accounts")
    bought = accounts.filter(role="creator").select("account")
    posts = words("{n} posts", n="{n}")
    rows: dict[str, Mapping[int, int]] = {
        words("Posts of own accounts"): _by_hour(videos.join(bought, on="account", how="anti")),
        words("Posts of creators"): _by_hour(videos.join(bought, on="account", how="semi")),
    }
    many = plan.paid.boosts if len(plan.paid.boosts) > MOST_BOOSTS else ()
    boosts = Counter(boost.start_hour for boost in many)
    return [
        *(Marks(name, dict(counts), posts) for name, counts in rows.items()),
        Marks(words("Boosts begin"), dict(boosts), words("{n} boosts", n="{n}")),
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


def _said(chart: CalendarChart, posts: int, waves: int, words: Words) -> str:
    """Whether a topic became hot, when and for how long; without heat, how many waves and posts there are."""
    language = words.language
    if not chart.lines:
        if not waves:
            said = N_("No waves: {posts} posts in {hours} h, as planned on Scenario.")
            return words(said, posts=amount(posts, "count", language), hours=chart.hours)
        said = N_("{waves} waves, {posts} posts in {hours} h.")
        return words(said, waves=waves, posts=amount(posts, "count", language), hours=chart.hours)
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
