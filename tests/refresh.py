"""Frozen digests: the worlds they stand for, and the script that renews them.

    python -m tests.refresh

rewrites tests/golden.json and prints what changed. A change needs a line under **Results change** in
CHANGELOG.md; if you did not mean to change results, this is the wrong tool. Where worlds only came, the
stamps of docs/evidence.md are carried over: a study does not age because another mechanism is frozen too.
"""

import json
from pathlib import Path
from typing import Any

from sim.model import MatrixModel
from sim.results import Result
from sim.scenario.canonical import DEFAULTS_EPOCH
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.reference import parameters
from sim.scenario.schema import Scenario
from tests.evidence.page import GOLDEN, PAGE, carried, results_version
from tests.mechanisms.enrolled import ENROLLED

NEUTRAL = Path(__file__).with_name("neutral.json")
"""What each key means that a scenario leaves out, in this epoch of the defaults."""
V0_OFF = Path(__file__).with_name("mechanisms") / "v0-off.toml"
"""Whatever came after version 0, off."""
SEED = 1
TOPICS = {"food": 0.5, "music": 0.2, "sport": 0.3}
ACCOUNTS: tuple[dict[str, Any], ...] = (
    {"id": "main", "role": "main", "fans": 300, "topics": {"food": 0.5, "sport": 0.5}, "verified": True},
    {"id": "一号", "fans": 50, "topics": {"food": 1.0}, "posts_per_day": 3.0},
    {"id": "a sub", "fans": 120, "topics": {"music": 0.7, "sport": 0.3}, "posts_per_day": 2.0},
    {"id": "Z", "posts_per_day": 0.5, "quality": 1.5, "opening": 1.3, "length_s": 12.0},
)
SMALL_POOLS = {"pools": (60, 250, 800, 2_000), "hit": 500}


def world(**values: Any) -> Scenario:
    """Four accounts among 2,000 people for 72 hours; dots in keys are written as two underscores."""
    base = Scenario.from_dict(
        {
            "name": "world",
            "audience": {"users": 2_000, "topics": TOPICS},
            "platform": SMALL_POOLS,
            "accounts": ACCOUNTS,
            "run": {"hours": 72},
        }
    )
    return base.with_values({key.replace("__", "."): value for key, value in values.items()})


def busy(**values: Any) -> Scenario:
    """The same with much traffic over links and between friends, and purchases."""
    heavy = {
        "links__following_list_probability": 0.4,
        "links__liked_list_probability": 0.4,
        "links__mention_probability": 0.05,
        "links__visit_follow_probability": 0.2,
        "links__unfollow_probability": 0.5,
        "links__unfollow_after_h": 12,
        "content__rates__visit": 0.2,
        "content__rates__share": 0.05,
        "content__rates__follow": 0.03,
        "sharing__open_probability": 0.3,
        "brand__gpm_cny": 0.0,
        "brand__interested_share": 0.0,
        "brand__interest_probability": 0.2,
        "brand__order_probability": 0.1,
        "brand__repeat_probability": 0.1,
    }
    return world(**heavy | values)


SEEDED = {
    "audience__users": 20_000,
    "seeding__ratio": (0, 0, 0, 2, 6, 8),
    "seeding__window_h": 48,
}
WORLDS: dict[str, Scenario] = {
    **{f"busy {layout}": busy(links__layout=layout) for layout in ("none", "single", "star", "ring", "mesh")},
    "busy custom": busy(
        links__layout="custom",
        links__edges=(("main", "Z", "follow"), ("Z", "a sub", "like"), ("一号", "main", "mention")),
    ),
    "quiet": world(),
    "seeded": busy(**SEEDED),
    "revived, scarce": busy(platform__revival_probability=0.2, audience__category_share=0.005),
    "three shards": busy(
        audience__users=40_000, platform__pools=(400, 3_000, 13_500), run__hours=18, run__start="Friday 15:00"
    ),
    "v0-off": Scenario.load(V0_OFF),
}


ON: dict[str, Scenario] = {
    **{
        f"{mechanism.name} on": busy(run__hours=48).with_values(dict(mechanism.on))
        for mechanism in ENROLLED
        if not mechanism.is_plugin
    },
    **{
        f"under {model}": busy(run__hours=48, platform__model=model)
        for model in PLATFORM_MODELS
        if model != "pools"
    },
}
"""Each mechanism at work as its contract has it, and each platform model."""


def result_of(scenario: Scenario, seed: int = SEED, engine: Any = "columns", threads: int = 1) -> Result:
    """A finished run."""
    model = MatrixModel(scenario, rng=seed, engine=engine, threads=threads)
    try:
        return model.finish()
    finally:
        model.close()


def digests() -> dict[str, str]:
    """The digest of every world today."""
    return {name: result_of(scenario).digest for name, scenario in (WORLDS | ON).items()}


def neutrals() -> dict[str, Any]:
    """The epoch, and the neutral value of every key; as JSON has them."""
    values = {row.key: row.neutral for row in parameters()}
    told: dict[str, Any] = json.loads(json.dumps({"defaults_epoch": DEFAULTS_EPOCH, "neutral": values}))
    return told


def main() -> None:
    """Rewrites the frozen digests and neutral values and says which digests changed."""
    before = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}
    now = digests()
    changed = [name for name in before if before[name] != now.get(name)]
    GOLDEN.write_text(json.dumps(now, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    NEUTRAL.write_text(json.dumps(neutrals(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if not changed:
        old, new = results_version(before), results_version(now)
        PAGE.write_text(carried(PAGE.read_text("utf-8"), old, new), encoding="utf-8")
    print("\n".join(f"changed: {name}" for name in changed) or "nothing changed")  # noqa: T201
    if changed:
        print("CHANGELOG.md needs a line under 'Results change' that says why.")  # noqa: T201


if __name__ == "__main__":
    main()
