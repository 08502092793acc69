"""docs/validity.md: every fact beside ours, the missed ones first, the controls below.

Takes a study; gives Markdown in one language, or plain rows for a program. Leaves nothing out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.language.numbers import spelt
from sim.language.words import N_, NC_, Language, Words
from sim.sources import rules_version
from sim.validity.controls import MEANT, NAMES
from sim.validity.facts import Fact, facts, worlds
from sim.validity.study import Study
from sim.validity.verdicts import VERDICTS, Finding, Verdict

SAID: Mapping[Verdict, str] = {
    "met": NC_("fact", "met"),
    "missed": NC_("fact", "**missed**"),
    "cannot tell": NC_("fact", "cannot tell"),
}
NOTHING = N_("no such videos: cannot tell")
Cells = Mapping[tuple[str, str], Finding | None]


def judged(found: Finding | None) -> Verdict:
    """The verdict; where there was nothing to measure, one cannot tell."""
    return found.verdict if found else "cannot tell"


def in_order(cells: Cells, models: Sequence[str], among: Iterable[Fact]) -> list[Fact]:
    """Facts with those that most models miss first, then those that they leave open."""

    def rank(fact: Fact) -> tuple[int, int]:
        said = [judged(cells[fact.id, model]) for model in models]
        return -said.count("missed"), -said.count("cannot tell")

    return sorted(among, key=rank)


def counted(cells: Cells, model: str) -> dict[Verdict, int]:
    """How many facts have each verdict under a model."""
    said = [judged(found) for (_, name), found in cells.items() if name == model]
    return {verdict: said.count(verdict) for verdict in VERDICTS}


def rejecting(name: str, own: Mapping[str, Finding | None]) -> list[Fact]:
    """The facts that a control misses, those that ought to reject it first."""
    missed = [fact for fact in facts() if judged(own.get(fact.id)) == "missed"]
    return sorted(missed, key=lambda fact: fact.id not in MEANT[name])


def written(study: Study, command: str, language: Language) -> str:
    """The page.

    Args:
        study: what was found.
        command: that makes it.
        language: of the page.
    """
    words = Words(language)
    plain, models = study.plain, study.models
    own = [fact for fact in facts() if (fact.id, models[0]) in plain]
    return "\n".join(
        [
            f"# {words('Is it true?')}",
            "",
            words(
                "Facts that were measured of real platforms, each beside what the model gives under each "
                "platform model. Nothing was set to meet one, but for those marked *: there a key was set by "
                "this very figure, and meeting it proves nothing. **Met** means that our whole 95 % interval "
                "over seeds lies within the published one, **missed** that none of it does; otherwise one "
                "cannot tell. Facts that most models miss come first; none is left out."
            ),
            "",
            words(
                "Made by `{command}` with rules `{rules}`: {seeds} seeds, {accounts} accounts among {users} "
                "people for {days} days.",
                command=command, rules=rules_version(), seeds=study.size.seeds, accounts=study.size.accounts,
                users=spelt(study.size.users, language), days=study.size.days,
            ),
            "",
            *_tallies(plain, models, words),
            "",
            *_table(plain, in_order(plain, models, own), models, words),
            "",
            f"## {words('What must not pass')}",
            "",
            *_controls(study, words),
            "",
            f"## {words('Where the figures come from')}",
            "",
            *_sources(own, language, words),
            "",
            words(
                "Limits: public samples are chosen by searches, lists or tests, and no platform publishes "
                "all of its views; a band is the range over several samples. Our sets stand for theirs in "
                "size and mix of accounts, not in every video. A verdict speaks of these sets under default "
                "keys, not of your accounts."
            ),
            "",
        ]
    )  # fmt: skip


def _tallies(cells: Cells, models: Sequence[str], words: Words) -> list[str]:
    rows = [[f"`{model}`", *(str(n) for n in counted(cells, model).values())] for model in models]
    return _markdown([words("platform model"), *(words(SAID[v]).strip("*") for v in VERDICTS)], rows)


def _table(cells: Cells, rows: Sequence[Fact], models: Sequence[str], words: Words) -> list[str]:
    """A row a fact, a column a model; facts by which a key was set carry a mark."""
    language = words.language
    return _markdown(
        [words("fact"), words("published figure"), *(f"`{model}`" for model in models)],
        [
            [
                fact.what[language] + (" \\*" if fact.is_set else ""),
                fact.published[language],
                *(_cell(fact, cells[fact.id, model], words) for model in models),
            ]
            for fact in rows
        ],
    )


def _cell(fact: Fact, found: Finding | None, words: Words) -> str:
    if found is None:
        return words(NOTHING)
    said = words(SAID[found.verdict])
    if fact.pooled:
        return f"{fact.written(found.mean, words.language)}, {said}"
    mean, low, high = (fact.written(number, words.language) for number in found[:3])
    return words("{mean} ({low} to {high}), {verdict}", mean=mean, low=low, high=high, verdict=said)


def _controls(study: Study, words: Words) -> list[str]:
    rows = []
    for name, own in study.controls.items():
        by = rejecting(name, own)
        shown = [f"{fact.what[words.language]}: {_cell(fact, own[fact.id], words)}" for fact in by[:SHOWN]]
        rows.append([words(NAMES[name]), f"{len(by)} / {len(own)}", "; ".join(shown)])
    told = words(
        "Views that nobody would take for real, and rules that are known to be wrong, measured in the same "
        "way: each has to miss at least one fact, or the facts say nothing."
    )
    return [told, "", *_markdown([words("control"), words("facts missed"), words("such as")], rows)]


SHOWN = 4
"""Facts named of those that reject a control."""


def _sources(own: Sequence[Fact], language: Language, words: Words) -> list[str]:
    return _markdown(
        [words("fact"), words("source"), words("ours is measured on")],
        [[fact.what[language], fact.source[language], worlds()[fact.world][language]] for fact in own],
    )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def as_rows(study: Study, command: str) -> dict[str, Any]:
    """What the page says, for a program."""

    def told(found: Finding | None) -> dict[str, Any]:
        if found is None:
            return {"mean": None, "low": None, "high": None, "verdict": judged(None), "seeds": 0}
        return found._asdict()

    def open_side(bound: float) -> float | None:
        return bound if abs(bound) != float("inf") else None

    def by_model(cells: Cells, name: str) -> dict[str, Any]:
        return {m: told(cells[name, m]) for m in study.models if (name, m) in cells}

    return {
        "command": command,
        "rules_version": rules_version(),
        **study.size._asdict(),
        "facts": [
            {
                "id": fact.id,
                **{f"{key}_{tongue}": getattr(fact, key)[tongue]
                   for key in ("what", "published", "source") for tongue in ("en", "zh")},
                "low": open_side(fact.low),
                "high": open_side(fact.high),
                "set": fact.is_set,
                "world": fact.world,
                "models": by_model(study.plain, fact.id),
            }
            for fact in facts()
        ],
        "controls": [
            {
                "name": name,
                "missed": [fact.id for fact in rejecting(name, own)],
                "facts": {key: told(found) for key, found in own.items()},
            }
            for name, own in study.controls.items()
        ],
    }  # fmt: skip
