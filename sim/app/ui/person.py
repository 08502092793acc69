"""What happened to a simulated person and why, in sentences, each drawn from the record of a replay.

Takes rows of `events` (sim/experiment/followed.py); gives sentences. Adds nothing that is not in a row.
"""

from collections.abc import Mapping
from typing import Any

from sim.app.ui.fields import space
from sim.app.ui.names import moment
from sim.language.vocabulary import ORIGIN
from sim.language.words import N_, Words
from sim.scenario.names import account_name

SAW, VISITED, FOLLOWED, LEFT = "saw", "visited", "followed", "left"
"""What happens, as sim.experiment.followed names it, which would load mesa."""
COMPLETE, FOLLOW, ORDER = 1, 16, 64
DID = {
    2: N_("liked it"), 4: N_("commented"), 8: N_("shared it"), 32: N_("went to the home page"),
    ORDER: N_("ordered"),
}  # fmt: skip
"""Bits of an impression beside completion and follow, and what they are called in a sentence."""
WHOLE, MOST_MATCH = 1 << 32, 7
"""What a chance of 1 is; the highest level of match."""
SAID = {
    SAW: N_("saw post {number} of {account} ({how})."),
    VISITED: N_("opened the home page of {account} ({how})."),
    FOLLOWED: N_("followed {account}."),
    LEFT: N_("no longer follows {account}."),
}


class Teller:
    """Tells the events of one person, who has to be told them in order.

    Args:
        first_hour: hour of the day at which the run begins.
        words: of the reader.
    """

    def __init__(self, first_hour: int, words: Words) -> None:
        self._first_hour, self._words = first_hour, words
        self._winner = ""
        self._ends: dict[str, int | None] = {}

    def tell(self, event: Mapping[str, Any]) -> str:
        """One event, with why."""
        words, account = self._words, event["account"]
        how = ORIGIN[event["origin"]].said(words.language) if event["origin"] else ""
        name = account_name(account, words.language)
        parts = [words(SAID[event["what"]], account=name, number=event["post_number"] + 1, how=how)]
        if event["what"] == SAW:
            self._winner = account if event["bits"] & FOLLOW else ""
            parts += _seen(event["why"], event["bits"], words)
        elif event["what"] == FOLLOWED:
            self._ends[account] = event["ends"]
            parts += self._won(account)
        elif event["what"] == LEFT:
            own = self._ends.get(account) == event["hour"]
            ended = N_("It ended by itself, as was drawn when it began.")
            parts.append(words(ended) if own else words("The platform erased this follow."))
        return f"{self._when(event['hour'])}{words(': ')}{space(words).join(parts)}"

    def _won(self, account: str) -> list[str]:
        """What a follow was won by, and when it will end."""
        words, ends = self._words, self._ends[account]
        won = N_("The video won it.") if self._winner == account else N_("The home page won it.")
        if ends is None:
            return [words(won)]
        drawn = N_("Drawn at that moment: it ends by itself on {when}.")
        return [words(won), words(drawn, when=self._when(ends))]

    def _when(self, hour: int) -> str:
        return moment(self._words, self._first_hour + hour - 1)


def _seen(why: Mapping[str, int], bits: int, words: Words) -> list[str]:
    """How an impression went: what fitted, how probable the responses were, and what was drawn."""
    facts = {name: _share(why[name]) for name in ("finish", "finish_drawn", "follow", "follow_drawn")}
    lines = [words("Fits their interests {match} of {most}.", match=why["match"], most=MOST_MATCH)]
    if why["exposures"]:
        lines.append(words("Videos of the brand seen before on that day: {n}.", n=why["exposures"]))
    finished = N_("Watched to the end: the chance was {finish}, drawn {finish_drawn}.")
    swiped = N_("Swiped on: the chance to finish was {finish}, drawn {finish_drawn}.")
    lines.append(words(finished if bits & COMPLETE else swiped, **facts))
    if did := [words(name) for bit, name in DID.items() if bits & bit]:
        lines.append(words("Then: {did}.", did=words.listed(did)))
    if why["fan"]:
        return [*lines, words("Follows this account already.")]
    wanted = N_("Followed: the chance was {follow}, drawn {follow_drawn}.")
    without = N_("No follow: the chance was {follow}, drawn {follow_drawn}.")
    lines.append(words(wanted if bits & FOLLOW else without, **facts))
    return lines


def _share(part: int) -> str:
    """A chance in per cent, two digits."""
    share = min(100 * part / WHOLE, 100.0)
    return f"{share:.2g}%" if share < 10 else f"{share:.0f}%"  # noqa: PLR2004  two digits
