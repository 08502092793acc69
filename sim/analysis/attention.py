"""Where a home page or a caption sends people: shares of attention by link (M4, M5, M6).

A visitor opens one list at most and picks one entry at most, by place and match; a caption names a few
accounts, rotated by post. Takes a scenario; gives, for one account, what a visit of its page (of an @: an
impression of its videos) leads to by target, also without each of the links in turn, the rest of the list
then drawing the attention. Averages over the people who visit and the hours of the run. Follows no chains.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.viewers import Viewers, luck, median_rates, responses, viewers
from sim.interrupts import deferred
from sim.rules.content import without_completion
from sim.rules.engagement import ACTIONS
from sim.rules.links import mentioned
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts, build_accounts
from sim.world.population import COMPLETION
from sim.world.posts import Posts, plan_posts

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FOLLOW, VISIT = ACTIONS.index("follow"), ACTIONS.index("visit")
VISITS, IMPRESSIONS, FOLLOWS = range(3)
"""What a link leads to; follows are those straight from a video that was opened over it."""
KINDS = 3


class Attention(NamedTuple):
    """What decides where people go; A accounts, M topic mixes, n people."""

    accounts: Accounts
    posts: Posts
    """who posts when; their luck is not looked at"""
    people: Viewers
    match: Floats
    """(levels,) attention that an entry draws by level of match"""
    visiting: Floats
    """(M, n) share of a mix's home-page visitors that a person is; a row sums to 1"""
    onward: Floats
    """(A, levels) probability that a visitor who opens a video of the account goes on to its home page"""
    visitor_follows: Floats
    """(A, levels) probability that she follows straight from the video"""
    viewer_follows: Floats
    """(A, levels) the same for a viewer in the feed, who engages less than a visitor"""
    posting: NDArray[np.bool_]
    """(A,) whether there is a video on the page"""
    liked: list[Whole]
    """accounts whose videos each account likes, rising"""
    following_list: float
    """probability of opening the following list, per visit"""
    liked_list: float
    """probability of opening the liked list, per visit"""
    page_view: float
    """probability that a visitor over a link watches the newest video of the page"""
    mention: float
    """probability of following an @, per impression"""
    names: int
    """accounts that one caption names at most"""
    decay: float
    """weight of an entry over that of the one above it"""
    length: int
    """entries of a liked list that are looked at"""
    hours: int
    """hours of the run [h]"""


class Row(NamedTuple):
    """What one account leads to by target, and again without each of its links; m targets."""

    targets: Whole
    """(m,) numbers of the accounts linked to"""
    whole: Floats
    """(kinds, m): visits, impressions, follows, per visit of the page (of an @: per impression)"""
    cut: Floats
    """(m, kinds, m): the same, the first axis being the link left out"""


@deferred()
def attention(scenario: Scenario) -> Attention:
    """What decides where people go in a scenario.

    Source: `rules.links`, `hour.respond`; departs: visitors are those whom the feed sends; whoever watches a
        video over a link has met the brand once that day, no more.
    """
    accounts = build_accounts(scenario)
    posts = plan_posts(scenario, accounts, seed=0)  # no seed changes who posts when
    likes: list[list[int]] = [[] for _ in accounts.rows]
    for target in sorted(accounts.likers):
        for liker, _ in accounts.likers[target]:
            likes[liker].append(target)
    people, links, boost = viewers(scenario, accounts), scenario.links, scenario.content.completion_boost
    factors, tired = luck(scenario), 1 - scenario.audience.fatigue_per_exposure
    category = np.array([getattr(scenario.content.rates, action) for action in ACTIONS])
    visiting = (
        people.shares * responses(people, category * factors, boost)[:, :, VISIT].mean(axis=0)[people.levels]
    )
    engaged = _visitors(people, category, boost)
    medians = np.array([median_rates(scenario, row) for row in accounts.rows])
    kinds, kind_of = np.unique(medians, axis=0, return_inverse=True)
    by_visitors, by_viewers = (
        np.array([responses(people, rates * factors, boost, among, tired).mean(axis=0) for rates in kinds])
        for among in (engaged, None)
    )
    return Attention(
        accounts,
        posts,
        people,
        people.completion[:, COMPLETION],  # the rule weighs entries by the first class's row
        visiting / visiting.sum(axis=1, keepdims=True),
        by_visitors[kind_of.ravel(), :, VISIT],
        by_visitors[kind_of.ravel(), :, FOLLOW],
        by_viewers[kind_of.ravel(), :, FOLLOW],
        np.bincount(posts.publisher, minlength=len(accounts.rows)) > 0,
        [np.array(targets, np.int64) for targets in likes],
        links.following_list_probability,
        links.liked_list_probability,
        links.page_view_probability,
        links.mention_probability,
        links.mentions_per_caption,
        links.list_decay,
        links.liked_list_length,
        scenario.run.hours,
    )


def following_row(given: Attention, i: int) -> Row:
    """Where the following list of account i leads, per visit of its page.

    p · E_u[d^place · a(u, j) / Σ], over the visitors u of i, a their match with j, d the decay.

    Args:
        given: people, lists and chances.
        i: number of the account.
    Returns:
        Visits (summing to the chance of opening the list), and from the newest videos of the pages
        impressions and follows.
    Source: `rules.links.entry_weight`.
    """
    accounts, people = given.accounts, given.people
    targets = accounts.follow_to[accounts.follow_starts[i] : accounts.follow_starts[i + 1]]
    m = targets.size
    drawn = given.match[people.levels[people.kind[targets]]]  # (m, n)
    drawn = drawn * given.decay ** np.arange(m)[:, None]
    visitors, total = given.visiting[people.kind[i]], drawn.sum(axis=0)
    # Without entry l those above stay and those below move up a place; all l at once.
    above = np.cumsum(drawn, axis=0) - drawn
    left = above + (total - above - drawn) / given.decay
    shares = np.divide(visitors, left, out=np.zeros_like(left), where=left > 0)
    cut = given.following_list * shares @ drawn.T  # (l, entry)
    cut[np.triu_indices(m, 1)] /= given.decay
    np.fill_diagonal(cut, 0.0)
    visits = given.following_list * (drawn / total if m else drawn) @ visitors
    watched = _watched(given, targets, given.visitor_follows, visitors)
    return Row(targets, visits * watched, cut[:, None, :] * watched)


def liked_row(given: Attention, i: int) -> Row:
    """Where the liked list of account i leads, per visit of its page.

    p · E_u[share of j's videos in the list, weighted by place and match · P(u goes on to j's page)].

    Args:
        given: people, lists and chances.
        i: number of the account.
    Returns:
        Visits, the impressions that they come from (summing to the chance of opening the list while there
        is anything in it), and follows straight from those.
    Source: `hour.plan.publish` and `hour.respond`; departs: places are averaged over the hours of the run
        before they are weighted by match.
    """
    posts, targets = given.posts, given.liked[i]
    author = posts.publisher
    liked = np.isin(author, targets)
    rests = [liked & (author != target) for target in targets]
    cut = [_landed(given, i, targets, author[rest], posts.hour[rest]) for rest in rests]
    whole = _landed(given, i, targets, author[liked], posts.hour[liked])
    return Row(targets, whole, np.array(cut).reshape(targets.size, KINDS, targets.size))


def mention_row(given: Attention, i: int) -> Row:
    """Where the @ of account i's captions lead, per impression of its videos.

    Args:
        given: people, lists and chances.
        i: number of the account.
    Returns:
        Visits (summing to the chance of following an @), impressions and follows from the newest videos.
    Source: `rules.links.mentioned`.
    """
    accounts, people = given.accounts, given.people
    targets = accounts.mention_to[accounts.mention_starts[i] : accounts.mention_starts[i + 1]]
    numbers = given.posts.number[given.posts.publisher == i]
    m = targets.size

    def named(links: int) -> Floats:
        """(links,) visits by entry of a list of so many @."""
        if links == 0 or numbers.size == 0:
            return np.zeros(links)
        places = range(min(links, given.names))
        entries = [int(mentioned(int(number), place, links)) for number in numbers for place in places]
        return np.asarray(given.mention * np.bincount(entries, minlength=links) / len(entries))

    cut = np.zeros((m, m))
    cut[~np.eye(m, dtype=bool)] = np.tile(named(max(0, m - 1)), m)
    watched = _watched(given, targets, given.viewer_follows, people.shares[people.kind[i]])
    return Row(targets, named(m) * watched, cut[:, None, :] * watched)


def _watched(given: Attention, targets: Whole, follows: Floats, who: Floats) -> Floats:
    """Visits, impressions and follows by target of one visit over a link, shape (KINDS, m)."""
    levels = given.people.levels[given.people.kind[targets]]  # (m, n)
    watches = given.page_view * given.posting[targets]
    chance = np.take_along_axis(follows[targets], levels, axis=1) @ who
    return np.stack([np.ones(targets.size), watches, watches * chance])


def _landed(given: Attention, i: int, targets: Whole, authors: Whole, hours: Whole) -> Floats:
    """Visits, impressions and follows per visit of account i, of a history of likes; shape (KINDS, m).

    Args:
        given: people and chances.
        i: whose liked list.
        targets: accounts to tell apart, shape (m,), rising.
        authors: accounts of the videos liked, oldest first.
        hours: when they were [h], rising.
    """
    people, result = given.people, np.zeros((KINDS, targets.size))
    if authors.size == 0:
        return result
    # Places in the list after each like, newest first; −1 where it is not full yet.
    padded = np.r_[np.full(given.length - 1, -1), np.searchsorted(targets, authors)]
    lists = np.lib.stride_tricks.sliding_window_view(padded, given.length)[:, ::-1]
    weight = np.where(lists >= 0, given.decay ** np.arange(given.length), 0.0)
    lasting = np.diff(np.r_[hours, given.hours]) / given.hours
    weight = weight / weight.sum(axis=1, keepdims=True) * lasting[:, None]
    share = np.bincount(lists[lists >= 0], weights=weight[lists >= 0], minlength=targets.size)
    levels = people.levels[people.kind[targets]]  # (m, n)
    drawn = share[:, None] * given.match[levels]
    picked = given.liked_list * share.sum() * drawn / drawn.sum(axis=0) * given.visiting[people.kind[i]]
    result[IMPRESSIONS] = picked.sum(axis=1)
    for kind, chance in ((VISITS, given.onward), (FOLLOWS, given.visitor_follows)):
        result[kind] = (picked * np.take_along_axis(chance[targets], levels, axis=1)).sum(axis=1)
    return result


def _visitors(people: Viewers, rates: Floats, boost: float) -> Floats:
    """Shares of the classes (finishing, engaging) among visitors: those who finish and engage more."""
    finishes = np.minimum(1.0, rates[0] * people.completion.mean(axis=0))[:, None]
    plain = without_completion(rates[VISIT], rates[0], boost) * people.engagement.mean(axis=0)
    going = (1 - finishes) * np.minimum(1.0, plain) + finishes * np.minimum(1.0, boost * plain)
    return np.asarray(going / going.sum())
