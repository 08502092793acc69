"""Creators of a price list of one's own: the list brought, untrusted, and whom a mix books, by name.

It becomes a draft whose market it is, as with `--creators`; beside it stands which figures are estimates.
"""

from functools import partial

import streamlit as st

from sim.app.jobs import drafts
from sim.app.jobs.request import plan_of
from sim.app.pages.mix.mixes import MixVariant
from sim.app.ui import choice, drafting, look
from sim.app.ui.names import column, scenario_name, tier_name
from sim.errors import MatrixsimError
from sim.language.names import ROLE, columns_named
from sim.language.words import LANGUAGES, N_, Words
from sim.reading.price_list import read
from sim.scenario.faults import said
from sim.scenario.schema import Scenario

FAULT, BROUGHT = "mix_list_fault", "mix_lists_brought"
"""Session keys: why a list could not be used; how many were brought, so that one can be brought again."""
MOST_TOLD = 6
"""Lines of what was read that are not folded (chosen)."""


def draw(words: Words) -> None:
    """Draws the control for a list, what was read of it, and what was wrong."""
    with st.expander(words("Price list of creators")):
        meaning = words(
            "Real creators in place of the drawn market: name and fans, and where known price, plays, "
            "completion, interaction, fit; headers of Xingtu or Chanmama are known. It becomes a draft of "
            "its own."
        )
        label, taken = words("Price list (CSV or Excel)"), partial(_bring, words)
        st.file_uploader(label, key=_uploader(), on_change=taken, help=meaning)
        look.faults(st.session_state.pop(FAULT, []))
        told = drafts.noted(choice.name()).get(f"told_{words.language}", [])
        look.folded(told, MOST_TOLD, words)


def names(plan: Scenario, mix: MixVariant, title: str, words: Words) -> None:
    """Draws whom a mix books; nothing of a market that is drawn."""
    if not plan.seeding.creators or not any(mix.counts):
        return
    guessed = drafts.noted(choice.name()).get("estimated", {})
    booked = mix.variant.of(plan).seeding.booked
    names = [f"{row.id}*" if row.id in guessed else row.id for row in booked]
    amounts = [row.fans for row in booked], [row.price_cny for row in booked]
    tiers = [tier_name(words, row.tier) for row in booked]
    rows = list(zip(names, tiers, *(column(words, found) for found in amounts), strict=True))
    titles = ROLE["creator"].label(words.language), words("Tier"), words("Fans"), words("Price (CNY)")
    heading = words("Whom {mix} books ({n})", mix=title, n=len(rows))
    with st.expander(heading):
        look.table([look.Column(name) for name in titles], rows, heading)
        estimated = {column for row in booked for column in guessed.get(row.id, ())}
        if found := columns_named(estimated, words.language):
            said = N_("* estimated from the tier table or the list: {columns}")
            look.note(words(said, columns=words.listed(found)))


def _bring(words: Words) -> None:
    file = st.session_state.get(_uploader())
    if file is None:
        return
    st.session_state[BROUGHT] = st.session_state.get(BROUGHT, 0) + 1
    name = choice.name()
    try:
        plan = plan_of(name)
        found = read(str(file.name), plan, file.getvalue())
        title = words("{name} · price list", name=scenario_name(words, name))[: drafting.LONGEST_NAME]
        drafting.begin(found.booked_from(plan).with_values({"name": title}).to_toml())
        told = {f"told_{lang}": [*found.told(lang), *found.lacking(plan, lang)] for lang in LANGUAGES}
        drafts.note(choice.name(), {"estimated": found.as_dict()["estimated"], **told})
    except (MatrixsimError, OSError) as error:
        st.session_state[FAULT] = [words("The list could not be used."), said(error, words)]


def _uploader() -> str:
    """Key of the control for files; another one after each."""
    return f"mix_list_{st.session_state.get(BROUGHT, 0)}"
