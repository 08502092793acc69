"""The seven lessons of the class as data: what is set up, what is asked, what is measured.

A lesson compares variants of the shipped scenario `classroom`. What it teaches is not written here: the
sentences of the reveal are made from the runs (reveal.py). Does not know streamlit.
"""

from collections.abc import Mapping
from math import inf
from typing import Literal, NamedTuple

from sim.app.jobs.request import Lesson, Measuring
from sim.app.jobs.variants import Variation, variation
from sim.app.pages.learn.setups import (
    FOUND_OUT,
    KEEN,
    LEVEL,
    ONE_TOPIC,
    OWN_TOPICS,
    built,
    paged,
    paid,
    posting,
)
from sim.language.numbers import Kind
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, Words

SCENARIO = "classroom"
SEEDS = 16
"""Runs of each variant (chosen): a second or two of work, and intervals that settle most questions."""
FREE = "free"
"""Key of the class without a lesson."""
SAME = "same"
"""Key of the choice 'no difference'."""


class Choice(NamedTuple):
    """One answer that can be predicted.

    Attributes:
        key: a variant's name, SAME, or any word where numbers are asked.
        low, high: the range that it stands for, where a number is asked.
    """

    key: str
    text: str
    low: float = -inf
    high: float = inf


class Exercise(NamedTuple):
    """One lesson.

    Attributes:
        key: its name in the address.
        measures: those drawn; the first one decides.
        asks: which variant is ahead, or how many times one number is of another.
        pair: variants whose ratio is asked; the same one twice where the measure is a ratio already.
        rule: the rule of the simulator behind it, whatever comes out.
        changed: what differs from the shipped class, and is assumed.
    """

    key: str
    label: str
    setup: str
    question: str
    choices: tuple[Choice, ...]
    variants: tuple[Variation, ...]
    measures: tuple[str, ...]
    asks: Literal["which", "times"]
    pair: tuple[str, str]
    rule: str
    changed: str

    def request(self) -> Measuring:
        """The runs it rests on."""
        return Measuring(SCENARIO, None, self.variants, SEEDS)

    def variant(self, name: str) -> Variation:
        """A variant by its name; the first one if there is none of this name."""
        return next((variant for variant in self.variants if variant.name == name), self.variants[0])


class Measure(NamedTuple):
    """How a measure is spoken of."""

    label: str
    """empty where the vocabulary has the word"""
    kind: Kind
    meaning: str


MEASURES: Mapping[str, Measure] = {
    "luck": Measure(N_("Impressions per copy"), "count", N_("How often each copy was shown.")),
    "link_visits": Measure(N_("Visits over links"), "count", N_("Home-page visits that came over links.")),
    "visits_per_link": Measure(
        N_("Visits per link"), "count", N_("The same, divided by the number of linked pairs of accounts.")
    ),
    "main_follows": Measure(
        N_("New followers of the main account"), "count", N_("Follows of the main account alone.")
    ),
    "overlap": Measure(
        N_("Audience overlap"),
        "share",
        N_("People reached by both of two accounts over those reached by either (Jaccard); mean of pairs."),
    ),
    "reach": Measure("", "people", N_("Different people who were shown anything.")),
    "visits": Measure("", "count", N_("Visits to home pages, whatever the way.")),
    "follows": Measure(
        N_("New followers of all accounts"), "count", N_("New follows of all accounts together.")
    ),
    "orders": Measure("", "count", N_("Orders of all people together.")),
    "violations": Measure(
        N_("Violations found"), "count", N_("How often the platform found one of the accounts out.")
    ),
}


def measure_name(words: Words, measure: str) -> str:
    """What a measure is called."""
    return words(MEASURES[measure].label) or QUANTITIES[measure].label(words.language)


NO_LINK, ONE_LINK, TWO_LINKS, FOUR_LINKS = N_("No links"), N_("1 link"), N_("2 links"), N_("4 links")
SMALL, LARGE = N_("First pool 50"), N_("First pool 500")
KOL, KOC, HALVES = N_("KOL only"), N_("KOC only"), N_("Half and half")
ALIKE, OWN = N_("Same content"), N_("Own topics")
ALONE, SHARED, RACE = N_("All on one account"), N_("Five accounts"), N_("Race of four")


def _called(name: str, settings: Mapping[str, object]) -> Variation:
    return variation(name, settings, Words("zh")(name))


NO_DIFFERENCE = Choice(SAME, N_("No difference that these runs could show"))

EXERCISES = {
    exercise.key: exercise
    for exercise in (
        Exercise(
            "luck", N_("1 Luck"),
            N_("Twenty accounts without fans post the very same video in the same hour. The platform shows "
               "each copy to about 50 people first; their reactions decide whether it goes on."),
            N_("How many times the impressions of the middle copy does the luckiest copy get?"),
            (
                Choice("alike", N_("Below 1.5 times: about the same"), high=1.5),
                Choice("some", N_("1.5 to 3 times"), 1.5, 3),
                Choice("much", N_("3 to 10 times"), 3, 10),
                Choice("huge", N_("Above 10 times"), 10),
            ),
            (
                _called(SMALL, LEVEL),
                _called(LARGE, {**LEVEL, "platform.pools": [500, 800, 1_100, 1_500]}),
            ),
            ("luck",),
            "times",
            (SMALL, SMALL),
            N_("The copies differ in nothing but who happens to see them. A video goes on if its rates "
               "pass a mark, and a rate measured on few people moves with each of them."),
            N_("Twenty identical accounts in place of the five; the second variant begins with a pool of "
               "500 people."),
        ),
        Exercise(
            "links", N_("2 Links"),
            N_("Five accounts, the same posts. Each home page leads to none, one, two or all four of the "
               "others: by its following list, its liked videos and its @."),
            N_("From one link on each page to four: what happens to all visits over links together?"),
            (
                Choice("fewer", N_("Fewer: below 0.8 times"), high=0.8),
                Choice("alike", N_("About the same: 0.8 to 1.25 times"), 0.8, 1.25),
                Choice("more", N_("More: 1.25 to 3 times"), 1.25, 3),
                Choice("many", N_("Above 3 times"), 3),
            ),
            tuple(_called(name, paged(each)) for name, each in
                  ((NO_LINK, 0), (ONE_LINK, 1), (TWO_LINKS, 2), (FOUR_LINKS, 4))),
            ("link_visits", "visits_per_link"), "times", (ONE_LINK, FOUR_LINKS),
            N_("A visitor opens one list of a home page at most and picks one entry of it, however many "
               "there are. On the page reached, the same can happen again."),
            N_("People open home pages and their lists more often than in the shipped class: visit rate 10 "
               "%, each list 20 %."),
        ),
        Exercise(
            "layouts", N_("3 Star or mesh"),
            N_("The same accounts, posts and luck. In the star every account and the main account link to "
               "one another; in the mesh everyone links to everyone."),
            N_("Which wins more new followers for all accounts together?"),
            (Choice("star", N_("The star")), Choice("mesh", N_("The mesh")), NO_DIFFERENCE),
            (
                _called(NO_LINK, {**KEEN, "links.layout": "none"}),
                *(variation(name, {**KEEN, "links.layout": name}) for name in ("star", "mesh")),
            ),
            ("follows", "main_follows"), "which", ("star", "mesh"),
            N_("A layout adds no viewers to a video. It decides to which home page a visitor can go on."),
            N_("People visit and follow more readily than in the shipped class: visit rate 10 %, each list "
               "20 %, a visitor follows in 5 %, a viewer goes after an @ in 2 %."),
        ),
        Exercise(
            "creators", N_("4 KOL or KOC"),
            N_("CNY 6,000 pay for 2 KOL with 600 fans each, for 40 KOC with 30 fans each, or for half of "
               "either. The money and the sum of fans are the same."),
            N_("Which brings more orders?"),
            (
                Choice(KOL, N_("KOL only")),
                Choice(KOC, N_("KOC only")),
                Choice(HALVES, N_("Half and half")),
                NO_DIFFERENCE,
            ),
            tuple(_called(name, paid((0, 0, kol, 0, koc, 0))) for name, kol, koc in
                  ((KOL, 2, 0), (KOC, 0, 40), (HALVES, 1, 20))),
            ("orders", "reach"), "which", (KOL, KOC),
            N_("Each video has a first pool of its own; more fans make it larger, but less than in "
               "proportion. A KOC is taken to be trusted more (1.4 against 0.9), a KOL to be noticed more "
               "(1.3 against 1.0)."),
            N_("One school account that posts every other day; creators' fans all belong to the class; "
               "people buy more readily than in the shipped class, at the upper ends of the assumed "
               "ranges."),
        ),
        Exercise(
            "content", N_("5 Same content"),
            N_("Five accounts with 60 fans each, without links. Either all post the same food videos, or "
               "each keeps to one topic: food, sport or music."),
            N_("Which reaches more different people?"),
            (
                Choice(ALIKE, N_("The same content everywhere")),
                Choice(OWN, N_("A topic for each account")),
                NO_DIFFERENCE,
            ),
            (_called(ALIKE, posting(ONE_TOPIC, "one film")), _called(OWN, posting(OWN_TOPICS, None))),
            ("reach", "overlap"), "which", (ALIKE, OWN),
            N_("The platform shows a video above all to people whose main interest it is. Throttling of "
               "copied content is not part of the simulation: what differs here is whom the videos meet."),
            N_("60 fans for each account, no links; topics as the variants say."),
        ),
        Exercise(
            "structures", N_("6 One account, many, or a race"),
            N_("Five posts a day for a week. All on the school's account; or shared with four new accounts; "
               "or the four race: after two posts each, the one seen most gets the posts of the other "
               "three."),
            N_("Which way wins more new followers for all accounts together?"),
            (
                Choice(ALONE, N_("Everything on one account")),
                Choice(SHARED, N_("Shared among five accounts")),
                Choice(RACE, N_("The race")),
                NO_DIFFERENCE,
            ),
            (_called(ALONE, built("one", 0)), _called(SHARED, built("one_plus", 4)),
             _called(RACE, built("race", 4))),
            ("follows", "reach"), "which", (ALONE, SHARED),
            N_("Posts of one account within a day take viewers from one another. A new account starts "
               "without fans, and with luck that stays its own: a race is a way to find a lucky one."),
            N_("A week in place of four days; the school's account and four new ones without fans, no links; "
               "people visit and follow as readily as in lesson 3."),
        ),
        Exercise(
            "density", N_("7 The price of density"),
            N_("Five accounts, linked as in lesson 2, for a week. But now the platform looks for matrices: "
               "each day it may find an account out, and a violation takes 10 points off its health of 100."),
            N_("Which way wins more new followers for all accounts together?"),
            (Choice(NO_LINK, N_("No links")), Choice(ONE_LINK, N_("One link on each page")),
             Choice(FOUR_LINKS, N_("Four links on each page")), NO_DIFFERENCE),
            tuple(_called(name, {**FOUND_OUT, **paged(each)}) for name, each in
                  ((NO_LINK, 0), (ONE_LINK, 1), (FOUR_LINKS, 4))),
            ("follows", "violations"), "which", (NO_LINK, FOUR_LINKS),
            N_("Links bring visitors, and they give a matrix away: the more sister accounts a page leads to, "
               "the likelier it is found out. Below 70 points an account is shown less and may post once a "
               "day."),
            N_("The platform finds accounts out 20 times as often as the upper end of the assumed range, and "
               "each band of health takes 60 %: so a week shows what months would. Nobody has published a "
               "rate."),
        ),
    )
}  # fmt: skip
"""The lessons in their order."""


def class_request(lesson: str, seed: int, variant: str = "") -> Lesson:
    """The run whose people are shown: the shipped class, or a variant of a lesson."""
    if lesson not in EXERCISES:
        return Lesson(SCENARIO, None, seed)
    return Lesson(SCENARIO, None, seed, EXERCISES[lesson].variant(variant).settings)
