"""What the tests of the page Seeding mix share: its first view, and its table typed into."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import store
from sim.app.jobs.answer import judged
from sim.app.jobs.request import Request, Timing
from sim.app.pages.mix import mixes
from sim.app.pages.mix import page as mix
from sim.experiment.compare import compare_variants
from sim.experiment.variants import Variant
from tests.app.driving import alive, opened

FIRST = replace(mixes.first(), users=mixes.first().plan().audience.users)
CLASS = {"scenario": "classroom", "budget": "20000", "seeds": "4"}
OFFER = mixes.offer(FIRST.scenario, FIRST.users, mixes.START_CNY)
PUBLISHED = next(mix.counts for mix in OFFER.mixes if "published" in mix.roles)
"""What the table shows at first: the published structure within the first budget."""


def with_waist(count: int, budget_cny: int = mixes.START_CNY) -> tuple[int, ...]:
    """The published structure with so many of the waist tier."""
    offer = mixes.offer(FIRST.scenario, FIRST.users, budget_cny)
    start = next(mix.counts for mix in offer.mixes if "published" in mix.roles)
    return (*start[:3], count, *start[4:])


def dashed(counts: Sequence[int]) -> str:
    """Creators as an address has them."""
    return "-".join(map(str, counts))


def page(**address: str) -> AppTest:
    return opened("mix", **address)


@cache
def shipped() -> store.Answer:
    """An answer to what the page shows at first: its mixes for two days, so that it is there at once."""
    plan = FIRST.plan().with_values({"audience.users": 500_000, "run.hours": 48})
    variants = tuple(Variant(v.name, v.label_zh, v.of(plan)) for v in FIRST.variants)
    return {"hours": FIRST.plan().run.hours, **judged(compare_variants(variants, seeds=2))}


def answered(monkeypatch: pytest.MonkeyPatch) -> dict[Request, store.Answer]:
    """Answers of a test: to the first view, of which a run was timed too; and whatever else is kept."""
    real = store.found
    found = {FIRST: shipped(), Timing(FIRST.scenario, FIRST.users): {"seconds": 0.5, "workers": 2}}
    monkeypatch.setattr(store, "found", lambda request: found.get(request) or real(request))
    return found


def table(app: AppTest) -> Any:
    return app.get("dataframe")[0]


def typed(app: AppTest, **counts: int) -> AppTest:
    """The table with numbers typed into it, by tier."""
    rows = {mixes.TIERS.index(tier): {"count": n} for tier, n in counts.items()}
    app.session_state[table(app).key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return alive(app.run())


def budget(app: AppTest) -> Any:
    return next(box for box in app.number_input if box.key == mix.BUDGET)


def warnings(app: AppTest) -> str:
    return " ".join(element.value for element in app.warning)


def mixes_of(role: str) -> str:
    """The variant in a role."""
    mix = OFFER.named(role)
    assert mix is not None
    return mix.variant.name


def judged_as(code: str, ahead: Sequence[str]) -> store.Answer:
    """The answer, if the verdict were another and these were not behind."""
    orders = shipped()["comparisons"]["orders"]
    rows = [dict(row) for row in orders["variants"]]
    for row in rows:
        row |= {"mean": 1.0 + (row["name"] in ahead), "difference_low": -2.0, "difference": -0.5}
        row["difference_high"] = 1.0 if row["name"] in ahead else -1.0
    verdict = {"code": code, "text_en": f"One is {code}.", "text_zh": "结论。"}
    changed = {**orders, "variants": rows, "verdict": verdict}
    return {**shipped(), "comparisons": {**shipped()["comparisons"], "orders": changed}}
