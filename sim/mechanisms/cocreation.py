"""Co-creation (M13): accounts of a matrix publish a video together.

Takes the hour's videos; gives a factor on the first exposure of joint ones, offers of them to the co-authors'
fans, which the platform judges like those to the author's own, and exits to the co-authors' pages. A link
leads from the co-author, whose fans are shown it, to the account on whose page it stands. Its viewers can
open the co-author's page where a link leads back. No relation that enforcement reads (enforcement.py).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import ORIGINS
from sim.platform.protocol import Standing, at_opening
from sim.rules.cocreation import joint_width
from sim.rules.draws import threshold
from sim.rules.links import is_chosen, mentioned
from sim.world.board import JUDGED
from sim.world.exits import EXIT, NO_VIDEO
from sim.world.offers import NO_OFFERS, WINDOW, offers
from sim.world.posts import phase_of

COCREATION = ORIGINS.index("cocreation")
NO_LINK = -1
_HOUR, _VIDEO, _WHOSE, _EDGE, _WIDTH, _BACK = range(6)
"""Columns of the joint videos: when, of what, with whom, over which link, to how many of the co-author's fans
[1/2³²], over which link viewers come to the co-author."""


class Partner(NamedTuple):
    """Who joins an account's posts."""

    account: int
    edge: int
    back: int
    """link from the account to the partner, or NO_LINK"""


class CoCreation(Mechanism):
    """Videos that several accounts publish together."""

    rows = "M13"

    def __init__(self, run: Run) -> None:
        self._links, platform = run.scenario.links, run.scenario.platform
        self._hours, self._fan_share = platform.fan_window_h, platform.fan_share
        edges = {(one, other): edge for one, other, edge in run.accounts.by_channel["cocreation"]}
        self._partners: dict[int, list[Partner]] = {}
        for (one, other), edge in edges.items():
            partner = Partner(one, edge, edges.get((other, one), NO_LINK))
            self._partners.setdefault(other, []).append(partner)
        self._phases = {k: phase_of(run.accounts.rows[k].id) for k in self._partners}
        self.at_work = bool(self._partners)
        self._joint = self._now = np.zeros((0, 6), np.int64)
        """All so far, and those that co-authors' fans are being shown."""

    def standing(self, run: Run) -> Standing | None:
        """A larger first exposure for the joint videos of this hour."""
        new = run.opening
        if not new.size:
            return None
        joint = [bool(self._with(author, number)) for author, number in new[["author", "number"]].tolist()]
        return at_opening(np.where(joint, self._links.cocreation_lift, 1.0), run.videos.size)

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Co-authors join the hour's videos; viewers of joint videos find them there."""
        fans, whole, done = run.responder.fans(), run.platform.state["whole"], np.zeros_like(run.link_actions)
        first, rows = run.videos.size - published.size, []
        for video, (author, number) in enumerate(published[["author", "number"]].tolist(), first):
            for account, edge, back in self._with(author, number):
                width = joint_width(self._fan_share, int(whole[video]), int(fans[account]))
                rows.append((run.hour, video, account, edge, width, back))
                done[account] += 1
        self._joint = np.concatenate([self._joint, np.array(rows, np.int64).reshape(-1, 6)])
        run.link(done)
        seen = ~run.marks["closed"][self._joint[:, _VIDEO]]
        named = self._joint[seen & (self._joint[:, _BACK] != NO_LINK)]
        exits = np.zeros(len(named), EXIT)
        exits["video"], exits["account"], exits["edge"] = named[:, [_VIDEO, _WHOSE, _BACK]].T
        exits["limit"], exits["shown"] = threshold(self._links.cocreation_page_probability), NO_VIDEO
        run.exits.put(COCREATION, exits)

    def offer(self, run: Run) -> NDArray[Any]:
        """New joint videos to those of the co-authors' fans whose turn it is."""
        now = self._now = self._joint[run.hour - self._joint[:, _HOUR] < self._hours]
        if not now.size:
            return NO_OFFERS
        age, width = run.hour - now[:, _HOUR], now[:, _WIDTH]
        return offers(
            now[:, _VIDEO], WINDOW, COCREATION, JUDGED, whose=now[:, _WHOSE], edge=now[:, _EDGE],
            low=width * age // self._hours, high=width * (age + 1) // self._hours,
        )  # fmt: skip

    def awaited(self) -> NDArray[np.int64]:
        """Videos that the co-authors' fans are being shown."""
        return np.unique(self._now[:, _VIDEO])

    def _with(self, author: int, number: int) -> list[Partner]:
        """Who joins a post, in turn; nobody if it is none of the account's joint posts."""
        partners, links = self._partners.get(author, []), self._links
        if not partners or not is_chosen(number, self._phases[author], links.cocreation_share):
            return []
        places = range(min(links.cocreation_partners, len(partners)))
        return [partners[mentioned(number, place, len(partners))] for place in places]
