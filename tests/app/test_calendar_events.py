"""Between the table of a calendar and a scenario: each kind of event there and back."""

import copy

import pytest

from sim.app.jobs.request import plan_of
from sim.app.pages.campaign import bars, events
from sim.app.pages.campaign.bars import Called
from sim.app.pages.campaign.events import KINDS, Refused, Setting
from sim.app.ui import editing
from sim.app.ui.editing import Document, Edited, Row
from sim.language.words import Words
from sim.scenario.campaign import ACCOUNTS, CREATORS
from sim.scenario.schema import Scenario
from sim.world.posts import planned

BOOSTS = [
    {"account": "main", "post": "main#1", "start_hour": 30, "hours": 8, "budget_cny": 900.0, "cpm_cny": 33.0}
]
PLAN = plan_of("challenge").with_values({"paid.boosts": BOOSTS})
FULL, SETTING = editing.document(PLAN), Setting(PLAN, creators="Creators post")
SEEDED = plan_of("seeding_pyramid")


def edited(
    given: Document, setting: Setting, changes: dict[int, Row], *more: Row, gone: int = -1
) -> Document:
    """The document after edits of some rows, new ones, and a deletion."""
    rows = events.rows_of(given, setting)
    kept = [Edited(k, {**row, **changes.get(k, {})}) for k, row in enumerate(rows) if k != gone]
    changed, refused = events.with_rows(given, [*kept, *(Edited(None, row) for row in more)], setting)
    assert refused == ()
    return changed


def at(given: Document, kind: str, setting: Setting = SETTING, k: int = 0) -> int:
    """Number of a row of a kind."""
    rows = events.rows_of(given, setting)
    return [number for number, row in enumerate(rows) if row["kind"] == kind][k]


@pytest.mark.parametrize("start", ["Monday 00:00", "Monday 18:00"])
@pytest.mark.parametrize("plan", [PLAN, SEEDED, plan_of("classroom")])
def test_a_table_that_nobody_touched_is_the_scenario(plan: Scenario, start: str) -> None:
    shifted = plan.with_values({"run.start": start})
    given, setting = editing.document(shifted), Setting(shifted)
    rows = events.rows_of(given, setting)
    assert {row["kind"] for row in rows} <= KINDS.keys()
    kept = [Edited(k, row) for k, row in enumerate(rows)]
    assert events.with_rows(given, kept, setting) == (given, ())


def test_days_and_hours_are_those_of_the_clock() -> None:
    late = Setting(PLAN.with_values({"run.start": "Monday 18:00"}))
    first = events.rows_of(FULL, late)[0]
    assert (first["day"], first["time"]) == (5, 18)  # hour 96 of a run that begins at 18:00
    moved = edited(FULL, late, {0: {"day": 6, "time": 3}})
    assert moved["campaign"]["phases"][0]["start_hour"] == 96 + 9
    assert late.hour({"day": 1, "time": None}) == 0
    assert late.hour({"day": None, "time": 20}) == 2


def test_a_boost_that_is_moved_keeps_what_the_table_does_not_show_and_a_new_one_is_the_main_accounts() -> (
    None
):
    moved = edited(FULL, SETTING, {at(FULL, "boost"): {"day": 3, "time": 0}})
    assert moved["paid"]["boosts"] == [BOOSTS[0] | {"start_hour": 48}]
    more = edited(
        FULL, SETTING, {}, {"post": "2", "day": 4}, {"kind": "boost", "accounts": ["main", "office break"]}
    )
    plan = editing.checked(more)
    found = [(b.account, b.post, b.start_hour, b.hours, b.cpm_cny) for b in plan.paid.boosts[1:]]
    assert found == [("main", "2", 72, 6, 20), ("main", "0", 0, 6, 20), ("office break", "0", 0, 6, 20)]
    assert edited(FULL, SETTING, {}, gone=at(FULL, "boost"))["paid"]["boosts"] == []


def test_a_new_row_is_a_wave_of_its_own_name() -> None:
    found = edited(FULL, SETTING, {}, {"name": "Wave 1"}, {}, {"hours": 5})
    waves = editing.checked(found).campaign.phases[3:]
    assert [(wave.name, wave.start_hour, wave.hours, wave.accounts) for wave in waves] == [
        ("Wave 1", 0, 24, (ACCOUNTS,)), ("Wave 2", 0, 24, (ACCOUNTS,)), ("Wave 3", 0, 5, (ACCOUNTS,)),
    ]  # fmt: skip


def test_when_creators_post_is_their_window_and_where_it_begins_later_a_wave() -> None:
    given, setting = editing.document(SEEDED), Setting(SEEDED, creators="Creators post")
    row = at(given, "creators", setting)
    spread = edited(given, setting, {row: {"hours": 24}})
    assert spread == editing.put(given, "seeding.window_h", 24)
    later = editing.checked(edited(given, setting, {row: {"day": 2, "time": 20, "hours": 12}}))
    [wave] = later.campaign.phases
    assert (wave.name, wave.start_hour, wave.hours, wave.accounts) == ("Creators post", 44, 12, (CREATORS,))
    assert "creators" not in {row["kind"] for row in events.rows_of(editing.document(later), Setting(later))}
    assert "creators" not in {row["kind"] for row in events.rows_of(FULL, SETTING)}  # all are in waves


def test_own_posts_move_by_the_account() -> None:
    given = editing.put(FULL, "accounts", [{**a, "first_post_h": 8.5} for a in FULL["accounts"]])
    as_it_was = copy.deepcopy(given)
    second = at(given, "posts", k=1)
    found = edited(given, SETTING, {second: {"day": 2, "time": 20, "per_day": 2.0}})["accounts"]
    assert [(a["first_post_h"], a["posts_per_day"]) for a in found] == [(8.5, 0.25), (44.0, 2.0), (8.5, 0.25)]
    assert given == as_it_was  # else nothing would seem to have changed
    freed = edited(given, SETTING, {second: {"day": None, "time": None, "per_day": None}})["accounts"][1]
    assert (freed["first_post_h"], freed["posts_per_day"]) == (None, 1.0)


def test_posts_laid_out_one_by_one_are_those_of_before_and_move_alone() -> None:
    plan = plan_of("classroom")

    def hours(given: Document, k: int = 0) -> list[int]:
        found = editing.checked(given)
        return [hour for hour, _ in planned(found, found.accounts[k], seeded=False, seed=1)]

    given, setting = editing.document(plan), Setting(plan)
    before, other, name = hours(given), hours(given, 1), plan.accounts[0].id
    laid = events.one_by_one(given, name, before)
    assert (hours(laid), hours(laid, 1)) == (before, other)
    rows = events.rows_of(laid, setting)
    assert [row["kind"] for row in rows] == ["post"] * 4 + ["posts"] * 4
    assert bars.waves(editing.checked(laid), Called(Words("en"), {})) == []
    later = edited(laid, setting, {0: {"day": 2, "time": 7}})
    assert hours(later) == sorted([31, *before[1:]])
    assert hours(edited(laid, setting, {}, gone=1)) == [before[0], *before[2:]]
    more = edited(
        laid, setting, {}, {"kind": "post", "accounts": [name], "day": 1, "time": 2, "topic": "food"}
    )
    assert hours(more) == [2, *before]
    assert editing.checked(more).campaign.phases[-1].topic == "food"
    none = events.with_rows(laid, [Edited(k, row) for k, row in enumerate(rows) if k > 3], setting)[0]
    assert hours(none) == []
    waves = edited(laid, setting, {}, {"kind": "wave", "accounts": [plan.accounts[1].id]})
    assert hours(waves) == before


def test_what_an_event_does_not_have_is_refused_and_said_and_nothing_else_is_lost() -> None:
    rows = events.rows_of(FULL, SETTING)
    boost, posts = at(FULL, "boost"), at(FULL, "posts")
    asked = [Edited(k, {**row, "topic": "dance"} if k == boost else row) for k, row in enumerate(rows)]
    assert events.with_rows(FULL, asked, SETTING) == (FULL, (Refused("boost", "topic"),))
    less = [Edited(k, row) for k, row in enumerate(rows) if k != posts]
    assert events.with_rows(FULL, less, SETTING) == (FULL, (Refused("posts", ""),))
    for kind in ("posts", "creators"):
        more = [*(Edited(k, row) for k, row in enumerate(rows)), Edited(None, {"kind": kind})]
        assert events.with_rows(FULL, more, SETTING) == (FULL, (Refused(kind, ""),))
    turned = [Edited(k, {**row, "kind": "posts"} if k == 0 else row) for k, row in enumerate(rows)]
    assert events.with_rows(FULL, turned, SETTING) == (FULL, (Refused("posts", ""),))


def test_what_cannot_stand_in_the_table_is_an_empty_cell() -> None:
    """Anything can be typed among all parameters."""
    typed = editing.with_setting(FULL, "campaign.phases.*.start_hour", "soon")
    typed = editing.with_setting(typed, "campaign.phases.*.accounts", "everybody")
    waves = [row for row in events.rows_of(typed, SETTING) if row["kind"] == "wave"]
    assert {(row["day"], row["time"], row["accounts"]) for row in waves} == {(None,) * 3}
    none = editing.put(editing.put(FULL, "campaign.phases", "none"), "paid.boosts", "none")
    moved = edited(none, SETTING, {at(none, "posts"): {"per_day": 1.0}})
    assert (moved["campaign"]["phases"], moved["paid"]["boosts"]) == ("none", "none")
