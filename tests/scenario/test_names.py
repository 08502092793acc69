import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.language.shipped import CHINESE, TOPICS
from sim.language.words import Language
from sim.scenario.apportionment import creator_id
from sim.scenario.matrix import TIERS
from sim.scenario.names import account_name, account_names, topic_name
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped

LATIN = re.compile("[A-Za-z]")
NAMES = tuple(shipped())


def accounts(name: str) -> tuple[str, ...]:
    return tuple(account.id for account in Scenario.load(name).accounts)


def topics(name: str) -> set[str]:
    plan = Scenario.load(name)
    return set(plan.audience.topics).union(*(account.topics or () for account in plan.accounts))


@pytest.mark.parametrize("name", NAMES)
def test_accounts_and_topics_of_a_shipped_scenario_have_chinese_names(name: str) -> None:
    assert [found for id_ in accounts(name) if LATIN.search(found := account_name(id_, "zh"))] == []
    assert [found for topic in topics(name) if LATIN.search(found := topic_name(topic, "zh"))] == []


@pytest.mark.parametrize("name", NAMES)
def test_names_are_distinct_within_a_scenario(name: str) -> None:
    ids = accounts(name)
    assert len({account_name(id_, "zh") for id_ in ids}) == len(ids)
    assert len({topic_name(topic, "zh") for topic in topics(name)}) == len(topics(name))


def test_every_name_belongs_to_a_shipped_scenario() -> None:
    assert set(CHINESE) <= {id_ for name in NAMES for id_ in accounts(name)}
    assert set(TOPICS) <= {topic for name in NAMES for topic in topics(name)}


def test_creators_are_called_by_their_tier() -> None:
    assert [account_name(creator_id(tier, 1), "zh") for tier in TIERS] == [
        "明星 001", "知名KOL 001", "头部达人 001", "腰部达人 001", "初级达人 001", "素人 001",
    ]  # fmt: skip


@given(st.text())
def test_what_is_not_known_comes_back_as_it_is(name: str) -> None:
    for language in get_args(Language):
        own = f"{name}!"
        assert account_name(own, language) == topic_name(own, language) == own


@pytest.mark.parametrize(
    "name", ["Main", "main ", "copy", "copy 1a", "copy ٣", "junior-", "junior-1 <b>", "kol-001", "主号"]
)
def test_a_name_that_only_resembles_a_known_one_stays_as_it_is(name: str) -> None:
    assert account_name(name, "zh") == name


def test_ids_are_the_english_names() -> None:
    for id_ in (*CHINESE, "copy 01", "junior-001"):
        assert account_name(id_, "en") == id_
    assert all(topic_name(topic, "en") == topic for topic in TOPICS)


def test_accounts_side_by_side_never_share_a_name() -> None:
    ids = ("main", "主号", "team", "junior-001", "初级达人 001", "学校")
    names = account_names(ids, "zh")
    assert list(names) == list(ids)
    assert len(set(names.values())) == len(ids)
    assert (names["main"], names["主号"], names["team"], names["学校"]) == ("main", "主号", "校队", "学校")
