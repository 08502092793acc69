"""How a video's account stands with the platform, in words: its weight, what it repeats, its health."""

import polars as pl

from sim.app.jobs import store
from sim.app.jobs.store import Answer
from sim.app.pages.pools.videos import Run
from sim.language.numbers import amount
from sim.language.words import N_, Words, begun


def told(run: Run, answer: Answer, account: str, words: Words) -> list[str]:
    """What is known of an account at the end of the run; nothing where no mechanism looks at accounts."""
    summary, plan = answer["summary"], run.plan
    facts = []
    if plan.account_weight.gain:
        said = N_("weight {factor} times what the scenario gave it")
        facts.append(words(said, factor=f"{summary.get('account_weights', {}).get(account, 1.0):.2f}"))
    repeated = answer.get("repeated", {}).get(account)
    if repeated is not None and (repeated or plan.enforcement.hazard):
        said = N_("{share} of its videos repeat another account's content")
        facts.append(words(said, share=amount(repeated, "share", words.language)))
    if (health := summary.get("health", {}).get(account)) is not None:
        said = N_("{n} violations, health {health} of 100")
        facts.append(words(said, n=_violations(run, account), health=f"{health:.0f}"))
    if not facts:
        return []
    name = run.accounts.get(account, account)
    said = words("{account} at the end of the run: {facts}.", account=name, facts=words.listed(facts))
    return [begun(said)]


def _violations(run: Run, account: str) -> int:
    try:
        measures = store.table(run.request, "measures")
    except OSError:  # nothing was counted
        return 0
    return int(
        measures.filter(pl.col("account") == account, pl.col("measure") == "violations")["value"].sum()
    )
