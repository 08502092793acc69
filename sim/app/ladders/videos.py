"""The videos of a run on a page: loaded, cut to the accounts that the reader looks at, named.

Takes an answer; gives its tables. Does not draw.
"""

from typing import Any, NamedTuple

import polars as pl

from sim.app import choice
from sim.app.words import N_, Words
from sim.app.work import store
from sim.app.work.request import Running
from sim.app.work.store import Answer
from sim.charts.scores import Yardstick
from sim.scenario.layouts import canonical_accounts
from sim.scenario.schema import Scenario

ROLES = {
    "main": N_("Main account"),
    "sub": N_("Sub-accounts"),
    "creator": N_("Creators"),
}
ROLE, ACCOUNT = "role.", "account."
"""How a choice of whose videos begins, in the address too."""
ALL = "all"


class Run(NamedTuple):
    """What the page shows: an answer with its tables."""

    request: Running
    plan: Scenario
    videos: pl.DataFrame
    """of the accounts chosen, by falling impressions, with a column `key`"""
    promotions: pl.DataFrame
    yardstick: Yardstick
    names: dict[str, str]
    """of videos, by key"""

    def row(self, key: str) -> dict[str, Any]:
        """A video's row."""
        return self.videos.row(by_predicate=pl.col("key") == key, named=True)


def whose_options() -> list[str]:
    """All videos, those of one role where there are several, those of one listed account."""
    plan = choice.plan()
    listed = canonical_accounts(plan)
    roles = {account.role for account in listed}
    if plan.seeding.scale > 0 and any(plan.seeding.ratio):
        roles.add("creator")
    some = [f"{ROLE}{role}" for role in ROLES if role in roles] if len(roles) > 1 else []
    return [ALL, *some, *(f"{ACCOUNT}{account.id}" for account in listed)]


def whose_name(words: Words, given: str) -> str:
    """What a choice of whose videos is called."""
    if given.startswith(ROLE):
        return words(ROLES[given.removeprefix(ROLE)])
    return words("All accounts") if given == ALL else given.removeprefix(ACCOUNT)


def loaded(answer: Answer, request: Running, whose: str, words: Words) -> Run:
    """The tables of an answer, cut to the accounts chosen.

    Args:
        answer: to `request`.
        request: what was run.
        whose: one of `whose_options`.
        words: of the reader.
    Raises:
        OSError: a table is no longer there.
    """
    videos = store.table(request, "videos").with_columns(
        key=pl.concat_str("planned_by", pl.lit("."), pl.col("post_number").cast(pl.String))
    )
    if whose.startswith(ROLE):
        roles = store.table(request, "accounts").select("account", "role")
        of_role = roles.filter(pl.col("role") == whose.removeprefix(ROLE))
        videos = videos.join(of_role, on="account", how="semi")
    elif whose != ALL:
        videos = videos.filter(pl.col("account") == whose.removeprefix(ACCOUNT))
    videos = videos.sort("impressions", "key", descending=[True, False])
    names = {
        row["key"]: words("{account} no. {n}", account=row["planned_by"], n=row["post_number"] + 1)
        for row in videos.select("key", "planned_by", "post_number").iter_rows(named=True)
    }
    scale = answer["yardstick"]
    return Run(
        request,
        request.plan(),
        videos,
        store.table(request, "promotions"),
        Yardstick(scale["usual"], scale["weights"], scale["cap"]),
        names,
    )
