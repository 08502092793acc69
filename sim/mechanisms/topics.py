"""Topic heat (P9): posts and engagement of the last hours make a topic hot, and its videos are shown more.

Takes the hour's videos and the counts; gives a standing and, under the origin `topic`, quotas for the people
who open the page of a hot topic. A video's topic is the one that the maker of its material posts most
about. What is watched on the page is not judged by the platform, but it does keep the topic hot.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import ORIGINS
from sim.platform.protocol import Standing, Throughout
from sim.rules.pools import hour_weight
from sim.rules.topics import heat, listed_views, page_views
from sim.world.board import COMMENTS, LIKES, OTHER, SHARES
from sim.world.offers import NO_OFFERS, QUOTA, offers
from sim.world.population import topic_names

TOPIC = ORIGINS.index("topic")
_POSTS, _ENGAGEMENTS = range(2)


class TopicHeat(Mechanism):
    """Hot topics, counted over a sliding window."""

    rows = "P9"

    def __init__(self, run: Run) -> None:
        scenario = run.scenario
        self._terms, names = scenario.topics, topic_names(scenario)
        self.at_work = self._terms.heat
        self._people = [round(scenario.audience.users * scenario.audience.topics[name]) for name in names]
        self._main = run.accounts.weights[:, : len(names)].argmax(axis=1)
        """(A,) what each account posts most about."""
        self._window = np.zeros((self._terms.window_h, 2, len(names)), np.int64)
        """(W, 2, T) posts and engagements of the last hours, by hour modulo W."""
        self._engaged: NDArray[np.int64] = np.zeros(0, np.int64)
        """(V,) engagements so far."""
        self._exposure = Throughout()
        self.warmth = [0] * len(names)
        """(T,) heat of each topic this hour."""
        self._most = 0
        """Heat of the hottest topic so far."""
        self._hot: NDArray[np.bool_] = np.zeros(len(names), bool)
        """(T,) whether each topic is hot this hour."""
        self._recent = self._listed = np.zeros(0, np.int64)
        """Videos of the window, and those among them on a hot topic's page."""

    def standing(self, run: Run) -> Standing:
        """More exposure for the videos of hot topics."""
        weight, sums = self._terms.post_weight, self._window.sum(axis=0).T.tolist()
        self.warmth = [heat(posts, engaged, weight) for posts, engaged in sums]
        self._most = max(self._most, *self.warmth)
        self._hot = np.array([each >= self._terms.threshold for each in self.warmth])
        videos = run.videos.rows
        topics = self._topics(run)
        lifted = np.where(self._hot[topics], self._terms.lift, 1.0)
        first = int(np.searchsorted(videos["hour"], run.hour - self._terms.window_h, side="right"))
        self._recent = np.arange(first, videos.size)
        self._listed = self._recent[self._hot[topics[first:]]]
        return self._exposure.standing(lifted)

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Counts the hour's posts."""
        topics = self._topics(run)[run.videos.size - published.size :]
        new = np.bincount(topics, minlength=self._hot.size)
        self._window[run.hour % len(self._window), _POSTS] = new

    def offer(self, run: Run) -> NDArray[Any]:
        """The page of each hot topic: its videos of the window, newest first, in equal parts."""
        if not self._listed.size:
            return NO_OFFERS
        weight = hour_weight(run.scenario.run.first_hour + run.hour)
        videos, makers = self._listed[::-1], run.videos.rows["maker"]
        topics, quota = self._topics(run)[videos], np.zeros(videos.size, np.int64)
        for topic in np.unique(topics).tolist():
            own = np.flatnonzero(topics == topic)
            views = page_views(self._people[topic], self._terms.page_share, weight)
            quota[own] = [listed_views(views, own.size, place) for place in range(own.size)]
        shown = quota > 0
        return offers(
            videos[shown], QUOTA, TOPIC, OTHER, quota=quota[shown], whose=makers[videos[shown]]
        )  # fmt: skip

    def awaited(self) -> NDArray[np.int64]:
        """Videos on the pages of hot topics."""
        return self._listed

    def kept(self) -> NDArray[np.int64]:
        """Videos whose topic may become hot."""
        return self._recent

    def settle(self, run: Run) -> None:
        """Counts the hour's engagement."""
        engaged = run.tally.videos.sum(axis=1)[:, [LIKES, COMMENTS, SHARES]].sum(axis=1)
        more = engaged - np.append(self._engaged, np.zeros(engaged.size - self._engaged.size, np.int64))
        self._engaged = engaged
        by_topic = np.zeros(self._hot.size, np.int64)
        np.add.at(by_topic, self._topics(run), more)
        self._window[run.hour % len(self._window), _ENGAGEMENTS] = by_topic

    def _topics(self, run: Run) -> NDArray[np.int64]:
        """(V,) topic of each video: that of its wave, else what its maker posts most about."""
        joined = run.posts.topics[: run.videos.size]  # videos are the posts of the same numbers
        return np.where(joined >= 0, joined, self._main[run.videos.rows["maker"]])

    def warnings(self, run: Run) -> list[Warned]:
        """That no topic was hot, so that the mechanism did nothing."""
        if not self.at_work or self._most >= self._terms.threshold:
            return []
        most, threshold = f"{self._most:,}", f"{self._terms.threshold:,}"
        return [
            warned(
                "never_hot",
                None,
                lambda words: words(
                    "No topic was ever hot: the hottest reached {most} of the {threshold} that it takes "
                    "(topics.threshold).",
                    most=most, threshold=threshold,
                ),
            )
        ]  # fmt: skip
