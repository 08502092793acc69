"""Who publishes what under each account structure, what accounts cost, and how a race moves the posts."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.race import race_told
from sim.errors import ScenarioError, UsageError
from sim.experiment.variants import variants_of
from sim.hour.run import build_world
from sim.mechanisms.structure import Structure as Mechanism
from sim.model import MatrixModel
from sim.report.folder import run_files
from sim.report.page import html
from sim.report.run import run_report
from sim.results import Result
from sim.rules.structures import account_fen, is_moved
from sim.scenario.layouts import edges
from sim.scenario.schema import Scenario
from sim.scenario.structures import all_accounts, left_out, posts_a_day, read, subs_of, used, written_as
from sim.world.posts import Posts, plan_posts
from tests.refresh import busy, result_of

STRUCTURES = ("one", "1+0", "1+1", "1+3", "1+6", "split:2", "split:6", "same:3", "race:3")


def built(structure: str, **values: Any) -> Scenario:
    return busy(**values).with_values(read(structure).values)


def planned(scenario: Scenario) -> tuple[Posts, list[str]]:
    """The posts, and the ids of all accounts."""
    accounts = build_world(scenario, 1).accounts
    return plan_posts(scenario, accounts, 1), [row.id for row in accounts.rows]


def published(scenario: Scenario) -> list[tuple[str, int, str]]:
    """Planner, number and publisher of each post."""
    posts, ids = planned(scenario)
    return [
        (ids[k], n, ids[p])
        for k, n, p in zip(
            posts.planner.tolist(), posts.number.tolist(), posts.publisher.tolist(), strict=True
        )
    ]


@pytest.mark.system("M15")
@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_structure_changes_nothing_of_the_posts_but_who_publishes_them(structure: str) -> None:
    plain, scenario = busy(), built(structure)
    (before, names), (after, ids) = planned(plain), planned(scenario)
    if not structure.startswith("same"):
        assert (before.appeal == after.appeal).all()
        assert (before.contents == after.contents).all()
    for column in ("keys", "number", "hour"):
        assert (getattr(before, column) == getattr(after, column)).all()
    assert [names[k] for k in before.planner] == [ids[k] for k in after.planner]
    assert {who for *_, who in published(scenario)} <= {account.id for account in used(scenario)}
    assert all(who == "main" for planner, _, who in published(scenario) if planner == "main")


@pytest.mark.system("M15")
def test_one_is_what_layout_single_was() -> None:
    one, single = (result_of(s) for s in (built("one", links__layout="none"), busy(links__layout="single")))
    assert one.digest == single.digest
    assert one.summary["cost_cny"] < result_of(busy(links__layout="none")).summary["cost_cny"]


@pytest.mark.system("M15")
@pytest.mark.parametrize("structure", ["1+1", "1+2", "1+3", "1+7", "race:3", "same:3"])
def test_posts_of_the_others_are_dealt_evenly_and_no_sub_has_one_planner_alone(structure: str) -> None:
    rows = published(built(structure, run__hours=24 * 14))
    dealt = pl.DataFrame(
        [row for row in rows if row[0] != "main"], schema=["planner", "number", "who"], orient="row"
    )
    by_sub = dealt.group_by("who").len()["len"]
    assert by_sub.max() - by_sub.min() <= 1  # type: ignore[operator]
    largest = dealt.filter(planner="一号").group_by("who").len()["len"]
    assert largest.max() - largest.min() <= 2  # type: ignore[operator]


@pytest.mark.system("M15")
def test_split_gives_each_post_to_the_account_that_its_topic_fits_best() -> None:
    rows = published(built("split:3", run__hours=240))
    to = {planner: {who for name, _, who in rows if name == planner} for planner, *_ in rows}
    food = {"一号", "Z"}  # what Z posts most about, as the audience
    assert to == {"main": {"main"}, "一号": food, "a sub": {"a sub"}, "Z": food}
    more = built("split:5")
    new = {a.id: a.topics for a in subs_of(more) if a.id.startswith("new-")}
    assert new == {"new-1": {"food": 1.0}, "new-2": {"music": 1.0}}  # 3.5 food posts a day, 2 music
    shared = {who for planner, _, who in published(more) if planner == "一号"}
    assert shared == {"一号", "Z", "new-1"}
    few = published(built("split:1"))  # the one with most fans, whatever it posts about
    assert {who for planner, _, who in few if planner != "main"} == {"a sub"}


@pytest.mark.system("M15")
def test_written_subs_come_first_by_fans_and_new_ones_are_nested_and_have_none() -> None:
    assert [a.id for a in subs_of(built("1+2"))] == ["a sub", "一号"]  # 120 and 50 fans; Z has none
    assert [a.id for a in left_out(built("1+2"))] == ["Z"]
    small, large = ({a.id for a in subs_of(built(f"race:{n}"))} for n in (5, 8))
    assert small < large
    assert large - {"a sub", "一号", "Z"} == {f"new-{n}" for n in range(1, 6)}
    assert all(a.fans == 0 for a in all_accounts(built("race:8")) if a.id.startswith("new-"))
    taken = busy().model_dump()["accounts"]
    renamed = busy(accounts=({**taken[0]}, {**taken[1], "id": "new-1"})).with_values(read("1+2").values)
    assert [a.id for a in subs_of(renamed)] == ["new-1", "new-2"]


@pytest.mark.system("M15")
def test_the_order_of_the_file_does_not_matter() -> None:
    scenario = built("1+5")
    turned = scenario.with_values({"accounts": tuple(reversed(scenario.model_dump()["accounts"]))})
    assert published(turned) == published(scenario)


@pytest.mark.system("M15")
def test_links_join_the_accounts_that_publish() -> None:
    scenario = built("1+5", links__layout="star")
    assert {name for edge in edges(scenario) for name in edge[:2]} == {a.id for a in used(scenario)}
    assert edges(built("one", links__layout="mesh")) == ()
    listed = {"links__layout": "custom", "links__edges": (("main", "Z", "follow"),)}
    assert len(edges(built("1+3", **listed))) == 1
    with pytest.raises(ScenarioError, match=r"links.edges.0.*the structure leaves 'Z' out; allowed: main"):
        built("1+2", **listed)


@pytest.mark.system("M15")
def test_two_structures_at_once_are_refused() -> None:
    for structure in ("one", "1+2"):
        with pytest.raises(ScenarioError, match="does not go with"):
            built(structure, links__layout="single")
    with pytest.raises(ScenarioError, match=r"structure.keep = 4.*a race of 3 accounts cannot keep 4"):
        built("race:3").with_values({"structure.keep": 4})


@pytest.mark.parametrize("text", ["two", "2+1", "split", "split:", "split:2000", "race:-1", "1+1e3", ""])
def test_an_unknown_structure_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="structure"):
        read(text)


@pytest.mark.parametrize("text", ["written", "one", "1+3", "split:8", "same:8", "race:8"])
def test_a_structure_reads_as_it_is_written(text: str) -> None:
    kind, subs = read(text)
    assert written_as(kind, subs or 0) == text


@pytest.mark.system("M15")
def test_the_same_material_is_new_once_and_never_twice_on_one_account() -> None:
    for subs in (1, 3, 8):
        posts, ids = planned(built(f"same:{subs}", run__hours=24 * 7))
        shown = list(zip(posts.publisher.tolist(), posts.contents.tolist(), strict=True))
        assert len(set(shown)) == len(shown)
        main = ids.index("main")
        assert (posts.maker[posts.publisher == main] == main).all()
    by_main = np.isin(posts.contents, posts.contents[posts.publisher == main])
    assert by_main.mean() > 0.8  # of eight subs that post less often than the main account
    first = {c: p for p, c in reversed(list(enumerate(posts.contents.tolist())))}
    for p, content in enumerate(posts.contents.tolist()):
        assert posts.maker[p] == posts.planner[first[content]]
        assert (posts.rates[p] == posts.rates[first[content]]).all()


@pytest.mark.system("M14")
def test_a_further_form_of_the_same_material_costs_a_share() -> None:
    def spent(**values: Any) -> float:
        result = result_of(busy(links__layout="none", run__hours=24, **values))
        return float(result.money.filter(kind="posts")["cny"].sum())

    rows = [{**a, "material": "m", "cost_per_post_cny": 100.0, "posts_per_day": 2.0, "first_post_h": 1.0}
            for a in busy().model_dump()["accounts"]]  # fmt: skip
    alone = [{**row, "material": None} for row in rows]
    assert spent(accounts=alone) == 800.0
    assert spent(accounts=rows) == 200.0 + 600.0 * 0.3
    assert spent(accounts=rows, production__variant_cost_share=1.0) == 800.0
    paid = [*rows[:3], {**rows[3], "role": "creator", "tier": "amateur"}]  # whose price is no production
    assert spent(accounts=paid) == 200.0 + 400.0 * 0.3 + 200.0


@pytest.mark.system("M15")
@pytest.mark.parametrize(("structure", "accounts"), [("written", 4), ("one", 1), ("1+2", 3), ("same:7", 8)])
def test_each_account_that_publishes_costs_by_the_month(structure: str, accounts: int) -> None:
    month = {"structure__cost_per_account_cny": 720.0}
    result = result_of(built(structure, run__hours=36, **month))
    assert float(result.money.filter(kind="accounts")["cny"].sum()) == accounts * 36
    idle = busy(run__hours=36, **month).model_dump()["accounts"]
    less = busy(
        run__hours=36, **month, accounts=[{**a, "posts_per_day": 0.0} if a["id"] == "Z" else a for a in idle]
    )
    assert float(result_of(less).money.filter(kind="accounts")["cny"].sum()) == 3 * 36


@given(st.integers(0, 10**9), st.integers(1, 3000))
def test_days_of_an_account_add_up_to_its_months(month_fen: int, hours: int) -> None:
    assert account_fen(month_fen, 720, 720) == month_fen
    assert abs(account_fen(month_fen, 720, hours) - month_fen * hours / 720) <= 0.5


@given(st.floats(0, 1), st.integers(1, 200))
def test_so_large_a_share_of_the_posts_moves(share: float, posts: int) -> None:
    assert abs(sum(is_moved(n, share) for n in range(posts)) - share * posts) <= 1


RACE: dict[str, Any] = {
    "run__hours": 144, "structure__trial_posts": 3, "structure__trial_wait_h": 6, "structure__keep": 1,
}  # fmt: skip


@pytest.mark.system("M16")
def test_a_race_is_decided_by_what_has_been_counted_and_nothing_moves_before() -> None:
    race, calm = (result_of(built(f"{kind}", **RACE)) for kind in ("race:4", "1+4"))
    hour, kept = race.summary["race_hour"], race.summary["race_kept"]
    trial = calm.videos.filter(pl.col("account") != "main").sort(
        "published_hour", "planned_by", "post_number"
    )
    firsts = trial.group_by("account", maintain_order=True).head(3)
    assert hour == firsts["published_hour"].max() + 6  # type: ignore[operator]
    before = pl.col("published_hour") <= hour
    posts = ("planned_by", "post_number", "published_hour", "account")
    same = [t.videos.filter(before).select(posts).sort(posts) for t in (race, calm)]
    assert same[0].equals(same[1])
    assert race.hourly.filter(pl.col("hour") <= hour).equals(calm.hourly.filter(pl.col("hour") <= hour))
    after = race.videos.filter(~before, pl.col("planned_by") != "main")
    assert set(after["account"]) == {kept}
    assert "race_hour" not in calm.summary


@pytest.mark.system("M16")
@pytest.mark.parametrize("judge", ["views", "likes", "follows"])
def test_a_race_keeps_those_whose_trial_posts_did_best(judge: str) -> None:
    # People are shown a trial post in its first hours only, so the final counts are those of the decision.
    scenario = built("race:4", **RACE | {"structure__trial_wait_h": 48, "structure__keep": 2}).with_values(
        {"structure.judge": judge}
    )
    model = MatrixModel(scenario, rng=3)
    try:
        mechanism = next(m for m in model.run_state.mechanisms if isinstance(m, Mechanism))
        while model.run_state.hour < 144 and not mechanism.summary(model.run_state)["race_kept"]:
            model.advance()
        videos = model.tables()["videos"].filter(pl.col("account") != "main")
        kept = mechanism.summary(model.run_state)["race_kept"].split(", ")
    finally:
        model.close()
    column = "impressions" if judge == "views" else judge
    order = ("published_hour", "planned_by", "post_number")
    won = videos.sort(order).group_by("account", maintain_order=True).head(3).group_by("account")
    scores = dict(won.agg(pl.col(column).sum()).rows())
    best = sorted(scores, key=lambda name: -scores[name])[:2]
    assert sorted(scores[name] for name in kept) == sorted(scores[name] for name in best)


@pytest.mark.system("M16")
def test_losers_that_are_given_up_cost_nothing_from_the_next_day_on() -> None:
    def running(share: float) -> Result:
        month = {"structure__cost_per_account_cny": 720.0, "structure__moved_share": share}
        return result_of(built("race:4", **RACE, **month))

    gone, kept = running(1.0), running(0.9)
    day = gone.summary["race_hour"] // 24 + 1
    assert float(kept.money.filter(kind="accounts")["cny"].sum()) == 5 * 144
    assert float(gone.money.filter(kind="accounts")["cny"].sum()) == 5 * 24 * day + 2 * 24 * (6 - day)


@pytest.mark.system("M16")
def test_a_race_that_is_not_decided_says_so() -> None:
    late = result_of(built("race:4", **RACE | {"structure__trial_wait_h": 1000}))
    short = result_of(built("race:4", **RACE | {"structure__trial_posts": 500}))
    for result, key in ((late, "trial_wait_h"), (short, "trial_posts")):
        assert result.summary["race_kept"] is None
        [warning] = [row for row in result.summary["warnings"] if row["code"] == "race_undecided"]
        assert key in warning["text_en"]
        assert key in warning["text_zh"]


@pytest.mark.system("M16")
@pytest.mark.parametrize(("luck", "right"), [(None, None), ([0.0] * 5, None), ("kept", 1), ("lost", 0)])
def test_a_race_picked_right_if_the_luckiest_is_kept(luck: Any, right: int | None) -> None:
    model = MatrixModel(built("race:4", **RACE), rng=1)
    try:
        run = model.run_state
        model.finish()
        mechanism = next(m for m in run.mechanisms if isinstance(m, Mechanism))
        kept = mechanism.summary(run)["race_kept"]
        if isinstance(luck, str):
            luck = [float((row.id == kept) == (luck == "kept")) for row in run.accounts.rows]
            luck[0] = 9.0  # the main account does not race
        chosen = None if luck is None else np.array(luck)
        assert mechanism.is_right(run, chosen) == right
    finally:
        model.close()


@pytest.mark.parametrize("structure", ["written", "one", "1+2", "split:3", "same:6"])
def test_posts_a_day_are_those_of_the_plan(structure: str) -> None:
    scenario = built(structure, run__hours=24 * 40)
    counts = pl.Series([who for *_, who in published(scenario)]).value_counts(name="n")
    found = dict(counts.rows())
    for name, rate in posts_a_day(scenario).items():
        assert abs(found.get(name, 0) / 40 - rate) < 0.2


def test_a_race_gives_the_winners_all_posts_of_the_others() -> None:
    scenario = built("race:4", **RACE)
    others = sum(a.posts_per_day for a in scenario.accounts if a.role == "sub")
    assert max(posts_a_day(scenario).values()) == pytest.approx(others)
    rates = sorted(posts_a_day(built("1+4")).values())
    assert all(low <= high for low, high in pairwise(rates))


@pytest.mark.system("M16")
def test_how_a_race_ended_is_said_in_both_languages_and_in_the_report(tmp_path: Path) -> None:
    result = result_of(built("race:4", **RACE))
    kept = result.summary["race_kept"]
    assert kept in race_told(result.summary, "en")
    assert kept in race_told(result.summary, "zh")
    assert len({race_told({**result.summary, "race_right": right}, "zh") for right in (None, 0, 1)}) == 3
    assert race_told(result_of(busy(run__hours=2)).summary, "en") == ""
    result.write(tmp_path)
    assert race_told(result.summary, "zh") in html(run_report(run_files(tmp_path), "zh"))


@pytest.mark.parametrize("text", ["one 1+0", "split:0 one 1+3", "race:0 same:0"])
def test_two_structures_of_the_main_account_alone_are_one_plan(text: str) -> None:
    with pytest.raises(UsageError, match="are the same plan, everything on the main account; keep one"):
        variants_of([busy()], structures=text.split())
