"""What accounts and topics of the shipped scenarios are called in the reader's language.

Takes ids, which are data and never change; gives what a Chinese reader sees in their place. Known by id, so
that an edited copy of a shipped scenario keeps its names. Names of the reader's own, and all names in
English, stay as they are. Whatever comes back is as untrusted as the id.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from sim.language.names import TIER
from sim.language.shipped import CHINESE, TOPICS
from sim.language.words import Language, Words
from sim.scenario.matrix import TIERS

COPY = re.compile(r"copy ([0-9]+)")
"""Accounts of same_content, and of the lesson on luck."""
NEW = re.compile(r"new-([0-9]+)")
"""Accounts that an account structure makes, as sim.scenario.structures numbers them."""
CREATOR = re.compile(rf"({'|'.join(TIERS)})-([0-9]+)")
"""Creators that are paid by tier, as sim.scenario.apportionment numbers them."""


def account_name(account: str, language: Language) -> str:
    """What an account is called; its id where nothing else is known.

    Example:
        >>> [account_name(id_, "zh") for id_ in ("main", "copy 01", "junior-001", "new-2", "my own")]
        ['主号', '副本 01', '初级达人 001', '新号 2', 'my own']
    """
    if language == "en":
        return account
    words = Words(language)
    if creator := CREATOR.fullmatch(account):
        tier, _, _ = TIER[creator[1]].label(language).partition("/")
        return f"{tier} {creator[2]}"
    if copy := COPY.fullmatch(account):
        return words("copy {n}", n=copy[1])
    if new := NEW.fullmatch(account):
        return words("new {n}", n=new[1])
    return CHINESE.get(account, account)


def topic_name(topic: str, language: Language) -> str:
    """What a topic is called; itself where nothing else is known."""
    return TOPICS.get(topic, topic) if language == "zh" else topic


@lru_cache(maxsize=32)
def account_names(accounts: tuple[str, ...], language: Language) -> Mapping[str, str]:
    """What accounts that stand side by side are called; one whose name another has keeps its id.

    Args:
        accounts: ids.
        language: of the reader.
    Example:
        >>> account_names(("main", "主号"), "zh")["main"]
        'main'
    """
    found = {account: account_name(account, language) for account in accounts}
    used = Counter(found.values())
    return {account: name if used[name] == 1 else account for account, name in found.items()}
