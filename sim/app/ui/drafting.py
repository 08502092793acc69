"""From one version of a draft to the next: an edit kept, undone, or given up.

What was typed is kept at once, valid or not (drafts.py). Every page uses the last valid scenario; what is not
valid waits, with what is wrong.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, count

import streamlit as st

from sim.app.jobs import drafts
from sim.app.jobs.drafts import Version
from sim.app.jobs.request import exists, plan_of
from sim.app.ui import choice, editing, faults
from sim.app.ui.editing import Document
from sim.app.ui.fields import space
from sim.app.ui.names import scenario_name
from sim.errors import Problem, RunError, ScenarioError
from sim.language.words import N_, Words
from sim.scenario.reference import fitted_keys
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped

LONGEST_NAME = 100
COPIED = N_("This draft was changed elsewhere meanwhile, so your edit is in a copy, and both are kept.")
CONFLICT = "scenario_conflict"
"""Session key: two versions of one draft, theirs and the copy that ours was kept as."""


@dataclass
class Sheet:
    """What is edited.

    Attributes:
        plan: the scenario that the pages use, at its own size.
        document: what stands in the fields.
        problems: why the document is not that scenario (yet).
        told: those of the problems that stand beside their fields.
    """

    plan: Scenario
    document: Document
    problems: Sequence[Problem] = ()
    told: set[Problem] = field(default_factory=set)

    def about(self, *keys: str) -> list[Problem]:
        """What is wrong at some keys and below them."""
        found = [p for p in self.problems if any(f"{p.key}.".startswith(f"{key}.") for key in keys)]
        self.told.update(found)
        return found

    @property
    def fitted(self) -> Collection[str]:
        """Keys whose values come from the reader's data."""
        return fitted_keys(self.document)

    @property
    def ids(self) -> list[str]:
        """Ids of the accounts, by number."""
        return [str(account.get("id") or "") for account in self.document["accounts"]]


def sheet() -> Sheet:
    """The scenario in hand, to be edited."""
    document, problems = _standing(choice.name())
    return Sheet(plan_of(choice.name()), document, problems)


def is_copy() -> bool:
    """Whether what is in hand was kept as a draft of its own, because somebody else had saved meanwhile."""
    return bool(st.session_state.get(CONFLICT, ("", ""))[1] == choice.name())


def way() -> Version:
    """Where the scenario in hand comes from: before its last edit, and at the beginning."""
    version = drafts.read(choice.name())
    return Version("") if version is None else version


def origin() -> str:
    """The scenario that the one in hand is told against; empty where it was not edited."""
    found = way()
    return found.origin if exists(found.origin) else ""


def take(document: Document, words: Words) -> Sequence[Problem]:
    """Keeps an edit, and makes it the scenario in hand.

    A shipped scenario is renamed in the reader's language, to be told from its origin.

    Returns:
        What is wrong with it; the pages go on with the last valid scenario then.
    Raises:
        OSError: it cannot be kept.
        RunError: there are too many drafts.
    """
    name, plan, problems = choice.name(), plan_of(choice.name()), tuple[Problem, ...]()
    if name in shipped() and document["name"] == plan.name:
        edited = words("{name} (edited)", name=scenario_name(words, name))
        document = {**document, "name": edited[:LONGEST_NAME]}
    try:
        plan = editing.checked(document)
    except ScenarioError as error:
        problems = error.problems
        if name in shipped() and isinstance(document["name"], str) and document["name"]:
            plan = plan.with_values({"name": document["name"][:LONGEST_NAME]})
    kept = editing.document(plan)
    loose = problems or document["links"]["edges"] != kept["links"]["edges"]
    typed = document if problems else {**kept, "links": document["links"]} if loose else None
    _save(Version(plan.to_toml(), plan.name, typed, name, way().origin or name), words)
    return problems


def begin(text: str) -> None:
    """Makes a valid scenario in TOML a draft of its own, and takes it in hand.

    Raises:
        OSError: it cannot be kept.
        RunError: there are too many drafts.
    """
    choice.use(drafts.keep(_alone(Version(text, Scenario.loads(text).name))))


def go_back(name: str, words: Words, *, undo: bool = False) -> None:
    """Goes back to what was in hand: another scenario, or a version, whose content becomes the newest one.

    After an undo the next step back goes on from there, not back to here.
    """
    version = drafts.read(name)
    if version is None:
        choice.use(name)
    else:
        kept = replace(version, note="")
        _save(kept if undo else replace(kept, before=choice.name()), words)


def duplicate(words: Words) -> None:
    """Makes a draft of its own of the scenario in hand, told from it, and takes that in hand.

    Raises:
        OSError: it cannot be kept.
        RunError: there are too many drafts.
    """
    name = choice.name()
    title = words("{name} (copy)", name=scenario_name(words, name))
    copy = replace(_in_hand(), before="", note="", origin=name)
    choice.use(drafts.keep(_alone(_titled(copy, title[:LONGEST_NAME]))))


def rename(name: str, title: str) -> str:
    """Gives the newest version of a draft another name, in a version more; what it is called then.

    Raises:
        OSError: it cannot be kept.
        RunError: the draft was deleted.
        ScenarioError: a scenario cannot be called so.
    """
    newest = drafts.latest(name)
    found = newest and drafts.read(newest)
    if not newest or not found:
        raise RunError("{name}: the draft was deleted meanwhile", name=name)
    version = _alone(_titled(replace(found, before=newest, note=""), title), newest)
    saved = drafts.save(newest, version)
    if choice.name() == newest:
        choice.use(saved)
    return version.title


def told_apart(names: Iterable[str]) -> list[str]:
    """Has a number follow the names of those drafts whose name another one has; what these are called then.

    Raises:
        OSError: it cannot be kept.
        RunError: a draft was deleted meanwhile.
    """
    found = []
    for name in filter(None, map(drafts.latest, names)):
        version = drafts.read(name)
        with suppress(ScenarioError):  # made under other rules: it cannot be opened, under whatever name
            if version is not None and _alone(version, name) is not version:
                found.append(rename(name, version.title))
    return found


def put_down(title: str, note: str, words: Words) -> None:
    """Keeps what is in hand as a version with a note, under a name; of a shipped scenario, as a draft.

    Raises:
        OSError: it cannot be kept.
        RunError: there are too many drafts.
        ScenarioError: a scenario cannot be called so.
    """
    _save(replace(_titled(_in_hand(), title), note=note), words)


def waiting() -> tuple[int | None, Sequence[Problem]]:
    """What keeps the newest edits of the draft in hand from taking effect; nothing where they have.

    Returns:
        The last version whose edits are in effect, None where none is; and what is wrong with the newest.
    """
    problems = _standing(choice.name())[1]
    if not problems:
        return None, ()
    number = drafts.number_of(choice.name())
    earlier = (name for name in drafts.versions(choice.name()) if drafts.number_of(name) < number)
    return next((drafts.number_of(name) for name in earlier if not _standing(name)[1]), None), problems


def waiting_words(words: Words) -> list[str]:
    """That answers rest on an earlier version of the draft in hand, and why; nothing where they do not."""
    version, problems = waiting()
    if not problems:
        return []
    said = words("This rests on version {n} of the draft:", n=version)
    if version is None:
        said = words("This rests on the scenario as it was before the draft's first edit:")
    more = words("newer edits are not in effect, because something is wrong with them.")
    return [f"{said}{space(words)}{more}", *faults.told(words, problems, sheet().ids)]


def newer() -> str:
    """The version of the draft in hand that was saved elsewhere since; empty if there is none."""
    last = drafts.latest(choice.name())
    return last if last not in (None, choice.name()) else ""


def _save(version: Version, words: Words) -> None:
    """Adds a version to the draft in hand; as a draft of its own where somebody else was first."""
    name, preview = choice.name(), choice.users()
    version = _alone(version, name)
    if name in shipped():
        saved = drafts.keep(version)
    else:
        try:
            saved = drafts.save(name, version)
        except drafts.NewerError as error:
            copy = words("{name} (copy)", name=version.title)[:LONGEST_NAME]
            saved = drafts.keep(_alone(_titled(version, copy)))
            st.session_state[CONFLICT] = error.name, saved
    was = plan_of(name).audience.users
    choice.use(saved)
    if preview != was:  # an audience that was chosen on a page stays, while the scenario can have it
        st.session_state[choice.USERS] = preview
    choice.remember()


def _in_hand() -> Version:
    """The scenario in hand as the version of a draft."""
    name = choice.name()
    return drafts.read(name) or Version(plan_of(name).to_toml(), plan_of(name).name, origin=name)


def _titled(version: Version, title: str) -> Version:
    """A version under another name."""
    text = Scenario.loads(version.text).with_values({"name": title}).to_toml()
    typed = version.typed and {**version.typed, "name": title}
    return replace(version, text=text, title=title, typed=typed)


def _alone(version: Version, draft: str = "") -> Version:
    """A version of a draft under a name that no other has: with a number where one has it."""
    own = draft.partition(".")[0]
    taken = {title for name, title in drafts.listed().items() if name.partition(".")[0] != own}
    gap = " " if version.title[-1:].isascii() else ""
    ends = chain([""], (f"{gap}{n}" for n in count(2)))
    numbered = (f"{version.title[: LONGEST_NAME - len(end)]}{end}" for end in ends)
    title = next(title for title in numbered if title not in taken)
    return version if title == version.title else _titled(version, title)


@lru_cache(maxsize=64)  # a name always means the same
def _standing(name: str) -> tuple[Document, tuple[Problem, ...]]:
    version, document = drafts.read(name), editing.document(plan_of(name))
    if version is None or version.typed is None or not _is_document(version.typed, document):
        return document, ()
    try:
        editing.checked(version.typed)
    except ScenarioError as error:
        return version.typed, error.problems
    except (AttributeError, KeyError, TypeError):  # as below, deeper down
        return document, ()
    return version.typed, ()


def _is_document(typed: Document, like: Document) -> bool:
    """Whether fields can show it: a draft may have come in a file, and anybody may have made that."""
    parts = (key for key, part in like.items() if isinstance(part, dict | list))
    return all(type(typed.get(key)) is type(like[key]) for key in parts) and all(
        isinstance(account, dict) for account in typed["accounts"]
    )
