"""Changes to the best of a comparison that are worth a look next, and what is known of each already.

Takes the best, what was answered further, and answers that lie in the store; begins no work.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.analysis.named import mix_name, timing_name
from sim.app.jobs import store
from sim.app.jobs.questions import Budgeting, Counting, Later, sliding
from sim.app.jobs.request import Comparing
from sim.app.jobs.store import Answer
from sim.app.jobs.variants import BETWEEN, START_CNY, Variation, variation
from sim.app.ui.comparing import Chosen
from sim.app.ui.curves import Drawing
from sim.app.ui.names import creators, layout_name, metric_name, money, structure_name
from sim.language.words import N_, Words
from sim.scenario.schema import Scenario
from sim.scenario.seeding import NOBODY, budget_cny
from sim.scenario.structures import kind_of, subs_of, written_as

LAYOUTS = ("star", "mesh", "ring", "chain", "none")
HOURS = ("20:00", "12:00", "spread", "8:00")
PAID = ("koc", "published", "kol", "amateurs", NOBODY)
"""Layouts, posting times and mixes, in the order in which they are suggested (chosen)."""
NUMBERS = {"more": N_("One account more ({name})"), "fewer": N_("One account fewer ({name})")}
BOUGHT = {
    "mix": N_("Best mix for {budget} CNY ({creators})"),
    "budget": N_("More money, {budget} CNY ({creators})"),
}
OF_ALL = N_("Of all numbers of accounts that were tried this one is best: {metric} {mean} ({range}).")
ON_PLAN = N_("On the plan as written: {metric} {mean} ({range}).")
"""What changes are called, and what is known of them."""
MORE = 2
"""Money that is suggested where nothing is known, over what is spent (chosen)."""


class Change(NamedTuple):
    """A change to the best of a comparison.

    Attributes:
        name: in the address and of its buttons.
        label: what it is.
        variant: the best with it.
        known: what an earlier answer says of it; empty where none does.
    """

    name: str
    label: str
    variant: Variation
    known: str = ""


class Best(NamedTuple):
    """The best of a comparison, and all that is known about what could follow."""

    request: Comparing
    variant: Variation
    chosen: Chosen
    plan: Scenario
    metric: str
    answers: Mapping[str, tuple[Later, Answer]]
    """what was answered further, by kind"""
    words: Words

    def fresh(self, options: Sequence[str], field: str) -> str | None:
        """The first of some choices that is not in the comparison yet."""
        compared = {variant.settings for variant in self.request.variants}
        return next((name for name in options if self.with_(field, name).settings not in compared), None)

    def with_(self, field: str, name: str) -> Variation:
        """The best with another choice."""
        return self.chosen._replace(**{field: name}).variation(self.request.plan())

    def paying(self, settings: Mapping[str, object], name: str, label_zh: str) -> Variation:
        """The best with other creators, called so."""
        own = self.variant
        names = BETWEEN.join((own.name, name)), BETWEEN.join((own.label_zh, label_zh))
        return variation(names[0], {**json.loads(own.settings), **settings}, names[1], own.structure)


def changes(best: Best) -> Iterator[Change]:
    """What could be changed, in the order shown."""
    words, plan = best.words, best.plan
    yield from _accounts(best)
    alone = not subs_of(plan)
    if not alone and (layout := best.fresh([n for n in LAYOUTS if n != plan.links.layout], "layout")):
        label = words("Another layout ({name})", name=layout_name(words, layout))
        yield Change("layout", label, best.with_("layout", layout))
    if timing := best.fresh(HOURS, "timing"):
        label = words("Another hour ({name})", name=timing_name(timing, words.language))
        yield Change("hour", label, best.with_("timing", timing))
    yield from _creators(best)


def _accounts(best: Best) -> Iterator[Change]:
    """The best number of accounts of those that were tried, else one more and one fewer."""
    words, kind, subs = best.words, kind_of(best.plan), len(subs_of(best.plan))
    if Counting.kind in best.answers:
        question, answer = best.answers[Counting.kind]
        step = max((step for way in answer["ways"] for step in way["steps"]), key=lambda step: step["mean"])
        name = "one" if not step["accounts"] else str(step["variant"])
        if name != best.chosen.structure:
            label = words("Another number of accounts ({name})", name=structure_name(words, name))
            known = _mean(question, answer, step, OF_ALL, words)
            yield Change("accounts", label, best.with_("structure", name), known)
        return
    shape = "one_plus" if kind in ("written", "one") else kind
    least = best.plan.structure.keep if kind == "race" else 0
    for key, n in (("more", subs + 1), ("fewer", subs - 1)):
        if n >= least:
            name = written_as(shape, n) if n else "one"
            label = words(NUMBERS[key], name=structure_name(words, name))
            yield Change(key, label, best.with_("structure", name))


def _creators(best: Best) -> Iterator[Change]:
    """Another mix for the same money, and more money; of the mixes that Seeding mix found, else by name."""
    words, spent = best.words, budget_cny(best.plan)
    cny = spent or START_CNY
    if (known := _budgets(best, round(cny))) is not None:
        question, answer = known
        own = min(answer["steps"], key=lambda step: abs(step["budget_cny"] - cny))
        above = (step for step in answer["steps"] if step["budget_cny"] > max(cny, own["budget_cny"]))
        for key, step in (("mix", own), ("budget", next(above, None))):
            if step is not None and any(counts := tuple(step["mix"]["creators"].values())):
                facts = {"budget": money(words, step["budget_cny"]), "creators": creators(words, counts)}
                settings = {"seeding.ratio": list(counts), "seeding.scale": 1.0, "seeding.budget_cny": None}
                variant = best.paying(settings, mix_name(counts, "en"), mix_name(counts, "zh"))
                said = _mean(question, answer, step, ON_PLAN, words)
                yield Change(key, words(BOUGHT[key], **facts), variant, said)
        return
    if mix := best.fresh([name for name in PAID if name != NOBODY or spent], "mix"):
        said = N_("Other creators for {budget} CNY ({name})")
        if mix == NOBODY:
            said = N_("Without creators, which saves {budget} CNY")
        label = words(said, budget=money(words, cny), name=mix_name(mix, words.language))
        yield Change("mix", label, best.with_("mix", mix))
    if spent:
        twice = MORE * spent
        settings = {"seeding.ratio": list(best.plan.seeding.ratio), "seeding.budget_cny": twice}
        label = words("Twice the money for creators, {budget} CNY", budget=money(words, twice))
        names = (w("{budget} CNY", budget=money(w, twice)) for w in (Words("en"), Words("zh")))
        yield Change("budget", label, best.paying(settings, *names))


def _budgets(best: Best, cny: int) -> tuple[Later, Answer] | None:
    """What budgets around one bring: asked here, or once worked out for the slider of Seeding mix."""
    if Budgeting.kind in best.answers:
        return best.answers[Budgeting.kind]
    question = sliding(best.request.scenario, best.request.users, best.metric, cny)
    answer = None if question is None else store.found(question)
    return (question, answer) if question is not None and answer is not None else None


def _mean(question: Later, answer: Answer, step: Mapping[str, Any], said: str, words: Words) -> str:
    """What a step of an answer brings on average, in words."""
    mean, around = Drawing(question, answer, words).mean(step)
    return words(said, metric=metric_name(words, question.metric), mean=mean.text, range=around)
