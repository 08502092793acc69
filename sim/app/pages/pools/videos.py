"""The videos of a run on a page: loaded, cut to the accounts that the reader looks at, named."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import polars as pl

from sim.app.jobs import store
from sim.app.jobs.request import Running
from sim.app.jobs.store import Answer
from sim.app.ui import choice
from sim.charts.scores import Baseline
from sim.language.names import ROLE
from sim.language.words import Words
from sim.scenario.names import account_names
from sim.scenario.schema import Scenario
from sim.scenario.structures import all_accounts

ROLES = ("main", "sub", "creator")
OF_ROLE, ACCOUNT = "role.", "account."
"""How a choice of whose videos begins, in the address too."""
ALL = "all"


class Run(NamedTuple):
    """What the page shows: an answer with its tables."""

    request: Running
    plan: Scenario
    videos: pl.DataFrame
    """of the accounts chosen, by falling impressions, with a column `key`"""
    promotions: pl.DataFrame
    baseline: Baseline
    names: dict[str, str]
    """of videos, by key"""
    accounts: Mapping[str, str]
    """names of all accounts, by id"""
    hit: int
    """impressions from which a video is a hit"""

    @property
    def laddered(self) -> bool:
        """Whether the platform model has pools."""
        return self.plan.platform.model == "pools"

    def row(self, key: str) -> dict[str, Any]:
        """A video's row."""
        return self.videos.row(by_predicate=pl.col("key") == key, named=True)


def whose_options() -> list[str]:
    """All videos, those of one role where there are several, those of one listed account."""
    plan = choice.plan()
    listed = all_accounts(plan)
    roles = {account.role for account in listed}
    if plan.seeding.scale > 0 and any(plan.seeding.ratio):
        roles.add("creator")
    some = [f"{OF_ROLE}{role}" for role in ROLES if role in roles] if len(roles) > 1 else []
    return [ALL, *some, *(f"{ACCOUNT}{account.id}" for account in listed)]


def whose_names(words: Words) -> dict[str, str]:
    """What the choices of whose videos are called."""
    accounts = _named((account.id for account in all_accounts(choice.plan())), words)
    several = ROLE["main"].label(words.language), words("Sub-accounts"), words("Creators")
    known = {f"{OF_ROLE}{role}": name for role, name in zip(ROLES, several, strict=True)}
    known |= {ALL: words("All accounts"), **{f"{ACCOUNT}{id_}": name for id_, name in accounts.items()}}
    return {given: known[given] for given in whose_options()}


def _named(ids: Iterable[str], words: Words) -> Mapping[str, str]:
    return account_names(tuple(ids), words.language)


def loaded(answer: Answer, request: Running, whose: str, words: Words) -> Run:
    """The tables of an answer, cut to the accounts chosen: one of `whose_options`.

    Raises:
        OSError: a table is no longer there.
    """
    videos = store.table(request, "videos").with_columns(
        key=pl.concat_str("planned_by", pl.lit("."), pl.col("post_number").cast(pl.String))
    )
    if whose.startswith(OF_ROLE):
        roles = store.table(request, "accounts").select("account", "role")
        of_role = roles.filter(pl.col("role") == whose.removeprefix(OF_ROLE))
        videos = videos.join(of_role, on="account", how="semi")
    elif whose != ALL:
        videos = videos.filter(pl.col("account") == whose.removeprefix(ACCOUNT))
    videos = videos.sort("impressions", "key", descending=[True, False])
    accounts = _named(store.table(request, "accounts")["account"], words)
    names = {
        row["key"]: words("{account} no. {n}", account=accounts[row["planned_by"]], n=row["post_number"] + 1)
        for row in videos.select("key", "planned_by", "post_number").iter_rows(named=True)
    }
    scale = answer["baseline"]
    baseline, hit = Baseline(scale["usual"], scale["weights"], scale["cap"]), answer["summary"]["hit_mark"]
    promotions = store.table(request, "promotions")
    return Run(request, request.plan(), videos, promotions, baseline, names, accounts, hit)
