"""Indices through our own design and analysis match published ones; planted effects are found."""

import json

import numpy as np
import pytest

from sim.errors import RunError
from sim.experiment.robust import drawn_in
from sim.scenario.schema import Scenario
from sim.sweeps.design import Axis
from sim.sweeps.sensitivity import Runner, axes_of, flips, indices, noise_share, sensitivity, too_small
from tests.command_line import here

A, B = 7.0, 0.1
CUBE = tuple(Axis(f"x{k}", low=-np.pi, high=np.pi) for k in range(3))


def ishigami(points):
    x = np.array([[point[axis.key] for axis in CUBE] for point in points])
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def published():
    """First and total indices of the Ishigami function: Ishigami & Homma 1990, closed form."""
    one = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    two, both = A**2 / 8, B**2 * np.pi**8 * 8 / 225
    total = one + two + both
    return {"x0": (one / total, (one + both) / total), "x1": (two / total,) * 2, "x2": (0.0, both / total)}


def test_sobol_indices_of_ishigami_match_the_published_values():
    found = {row.key: row for row in indices(CUBE, "sobol", 4096, ishigami)}
    for key, (first, total) in published().items():
        assert found[key].own == pytest.approx(first, abs=0.03)
        assert found[key].effect == pytest.approx(total, abs=0.03)
        assert found[key].low <= total <= found[key].high


def test_morris_ranks_a_linear_answer_by_its_slopes():
    slopes = {"x0": 1.0, "x1": 5.0, "x2": 0.0}
    found = indices(
        CUBE,
        "morris",
        20,
        lambda points: np.array([sum(s * p[k] for k, s in slopes.items()) for p in points]),
    )
    assert [row.key for row in found] == ["x1", "x0", "x2"]
    # An effect is that of the whole range, and a linear one has no spread.
    assert found[0].effect == pytest.approx(5 * 2 * np.pi)
    assert found[0].own == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("method", "count"), [("sobol", 2), ("sobol", 16), ("sobol", 64), ("morris", 4)])
def test_a_design_that_is_too_small_says_so_and_how_large_would_do(method, count):
    found = indices(CUBE, method, count, ishigami)
    for row in found:
        assert 0 <= row.low <= row.effect <= row.high
        assert row.own >= 0
        if method == "sobol":
            assert row.high <= max(1.0, row.effect)
            assert 0 <= row.own_low <= row.own_high
    told = too_small(found, method, count, 4, 0.0)
    assert told.code == "too_few_points"
    wanted = int(told.text_en.split("--points ")[-1].split()[0])
    assert wanted > count
    if method == "sobol":
        assert wanted & (wanted - 1) == 0  # the command takes powers of two


def test_a_design_that_is_large_enough_says_nothing_and_luck_asks_for_seeds():
    found = indices(CUBE, "sobol", 1024, ishigami)
    assert too_small(found, "sobol", 1024, 4, 0.05) is None
    assert "--points 1024 --seeds 20 would do" in too_small(found, "sobol", 1024, 4, 0.5).text_en


def test_what_a_seed_brings_to_every_point_is_no_luck_between_points():
    draws = np.random.default_rng(1)
    points, seeds, shared, own = 400, 4, 5.0, 0.2
    answer, luck = draws.normal(size=(points, 1)), draws.normal(0.0, own, (points, seeds))
    alike = draws.normal(0.0, shared, (1, seeds))
    truth = (own**2 / seeds) / (1.0 + own**2 / seeds)
    assert noise_share(answer + luck + alike) == pytest.approx(truth, rel=0.3)
    assert noise_share(answer + luck + alike) == pytest.approx(noise_share(answer + luck))
    # Nothing but luck: the means of the points vary by it alone, and the residuals say how much that is.
    assert noise_share(luck + alike) == pytest.approx(1.0, abs=0.15)
    few = [noise_share(draws.normal(size=(3, 2))) for _ in range(4_000)]
    assert np.median(few) == pytest.approx(1.0, abs=0.05)  # with too many degrees of freedom it lies below


def test_keys_that_are_off_are_varied_only_by_name():
    off = {"platform.account_luck_sd": 0.0, "platform.same_content_factor": 1.0}
    plan = Scenario.load("classroom").with_values(off)
    assert not set(off) & {axis.key for axis in axes_of(plan)}
    assert [axis.key for axis in axes_of(plan)] == list(drawn_in(plan))
    assert [axis.key for axis in axes_of(plan, tuple(off))] == list(off)


def test_a_share_past_one_is_told_and_none_is_below_nothing():
    found = indices(CUBE, "sobol", 16, lambda points: np.array([float(p["x0"] > 2.9) for p in points]))
    assert found[0].effect > 1
    told = too_small(found, "sobol", 16, 2, 0.0)
    assert f"a share of {found[0].effect:.2f}, and none can pass 1" in told.text_en
    assert "设计太小" in told.text_zh


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_an_answer_that_never_changes_has_no_shares_and_says_so(method):
    found = indices(CUBE, method, 4, lambda points: np.ones(len(points)))
    assert [row.effect for row in found] == [0, 0, 0]
    assert too_small(found, method, 4, 2, 0.0).code == "same_answer"


@pytest.fixture(scope="module")
def plan():
    return Scenario.from_dict(
        {
            "name": "small",
            "audience": {"users": 20_000},
            "accounts": [
                {"id": "main", "role": "main", "fans": 300, "posts_per_day": 6},
                {"id": "one", "fans": 100, "posts_per_day": 6},
            ],
            "run": {"hours": 24},
        }
    )


def test_orders_hang_on_how_often_people_order(plan, tmp_path):
    # A GPM would set the scale of the order step anew, and who is interested anyway needs no interest.
    often = {"brand.aware_probability": 0.9, "run.hours": 72}
    plan = plan.with_values({"brand.gpm_cny": 0.0, "brand.interested_share": 0.0, **often})
    keys = ("brand.order_probability", "links.list_decay", "brand.interest_probability")
    found = sensitivity(
        Runner(plan, "orders", 3, tmp_path / "runs", 2), axes_of(plan, keys), "morris", 4, ["star"]
    )
    effects = {row.key: row.effect for row in found.rows}
    assert effects["brand.interest_probability"] > effects["links.list_decay"]
    assert effects["brand.order_probability"] > effects["links.list_decay"]
    assert 0 <= found.noise_share <= 1


def test_what_changes_no_reach_flips_nothing(plan, tmp_path):
    axes = axes_of(plan, ("links.cost_per_link_action_cny",))
    found = flips(Runner(plan, "follows", 2, tmp_path / "runs", 2), axes, ("none", "single"))
    assert (found.flips, found.cannot_tell) == ((), ())


class Table(Runner):
    """A runner that knows its answers: two layouts, eight seeds, and by how much the second leads in each."""

    def __init__(self, plan, lead):
        self.scenario, self.lead = plan, lead

    def table(self, points, layouts, axes):
        luck = np.arange(8.0) ** 2
        rows = [self.lead(point.get(axes[0].key, 0.0)) for point in points]
        return np.array([[luck, luck + lead] for lead in rows])


@pytest.mark.parametrize(
    ("lead", "flipped", "unsure"),
    [
        ([1.0, 2.0] * 4, True, False),
        ([0.0] * 7 + [1.0], False, True),  # one person in one seed
        ([-9.0, 10.0] * 4, False, True),
        ([-1.0, -2.0] * 4, False, False),
    ],
)
def test_only_a_lead_that_can_be_told_apart_flips(plan, lead, flipped, unsure):
    free = plan.with_values({"links.cost_per_link_action_cny": 0.0})
    axes = axes_of(plan, ("links.cost_per_link_action_cny",))
    runner = Table(free, lambda moved: np.array(lead) if moved else np.array([-5.0, -6.0] * 4))
    found = flips(runner, axes, ("none", "star"))
    assert (found.best, found.tied) == ("none", ())
    assert [flip.best for flip in found.flips] == ["star"] * flipped
    assert found.cannot_tell == (axes[0].key,) * unsure


def test_a_best_that_is_not_told_apart_as_things_stand_is_said_to_be_so(plan):
    axes = axes_of(plan, ("links.cost_per_link_action_cny",))
    runner = Table(plan, lambda _: np.array([-9.0, 8.0] * 4))
    assert flips(runner, axes, ("none", "star"))[:2] == ("none", ("star",))


def test_roi_of_many_links_is_flipped_by_what_they_cost(plan, tmp_path):
    often = {"brand.order_probability": 0.5, "brand.interested_share": 0.3, "brand.gpm_cny": 0.0}
    free = plan.with_values({"links.cost_per_link_action_cny": 0.0, **often})
    axes = axes_of(plan, ("links.cost_per_link_action_cny",))
    table = Runner(free, "roi", 2, tmp_path / "runs", 2).table(
        [{}, {axes[0].key: 10.0}], ("none", "mesh"), axes
    )
    mean = table.mean(axis=2)
    assert mean[1, 0] == mean[0, 0]  # without links their price does not matter
    assert mean[1, 1] < mean[0, 1]


def test_an_unknown_key_is_refused(plan):
    with pytest.raises(RunError, match=r"links\.list_decay"):
        axes_of(plan, ("links.lits_decay",))


def test_a_key_is_not_taken_twice(plan):
    with pytest.raises(RunError, match="listed twice"):
        axes_of(plan, ("links.list_decay", "platform.targeting", "links.list_decay"))


def test_layouts_replace_a_custom_list_of_links(plan, tmp_path):
    plan = plan.with_values(
        {
            "content.rates.visit": 0.3,
            "links.following_list_probability": 0.5,
            "links.visit_follow_probability": 0.5,
        }
    )
    custom = plan.with_values({"links.layout": "custom", "links.edges": [["main", "one", "follow"]]})
    axes = axes_of(plan, ("links.list_decay",))
    own, star = Runner(custom, "follows", 2, tmp_path / "a", 2).table([{}], ("custom", "star"), axes)[0]
    assert Runner(plan, "follows", 2, tmp_path / "b", 2).table([{}], ("star",), axes)[0, 0].tolist() == (
        star.tolist()
    )
    assert own.tolist() != star.tolist()


def test_the_command_writes_its_files(tmp_path):
    words = [
        "sensitivity", "three_lines", "--method", "morris", "--keys", "links.list_decay,platform.targeting",
        "--points", "2", "--seeds", "2", "--hours", "6", "--out", str(tmp_path / "out"), "--lang", "en",
    ]  # fmt: skip
    done = here(*words)
    assert done.returncode == 0, done.stderr
    assert "links.list_decay" in done.stdout
    content = json.loads((tmp_path / "out" / "sensitivity.json").read_text())
    assert {row["key"] for row in content["rows"]} == {"links.list_decay", "platform.targeting"}
    assert {row["code"] for row in content["warnings"]} == {"same_answer", "posts_after_end"}  # in six hours
    assert content["warnings"][0]["text_en"] in done.stdout
    page = (tmp_path / "out" / "tornado.html").read_text()
    assert "platform.targeting" in page
    assert "<script src=" not in page  # it opens offline
