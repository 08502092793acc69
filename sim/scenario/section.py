"""What every table of a scenario is made of: strict, frozen, finite; the types that keys share.

Takes nothing; gives the base class and the shared limits. Holds no keys of its own.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.language.words import Language, Words

MOST_PEOPLE = 10**12  # so that no count leaves 64 bits
SHARES_TOLERANCE = 0.01  # shares written with two digits rarely sum to 1 exactly
KUAIRAND = "KuaiRand-Pure, Gao et al. CIKM 2022"

Share = Annotated[float, Field(ge=0, le=1)]
# Spelled as every dialect of regular expressions reads it.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_COMMANDS = r"\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
SHOWN = rf"[^{_UNSEEN}]"
"""A sign that shows."""
NAMED = rf"^[^{_COMMANDS}]*[^{_UNSEEN}\u2066-\u2069][^{_COMMANDS}]*$"
"""Any text that shows something, without what commands a terminal: control characters, and marks that turn
the direction of what follows. Letters of any direction, and emoji, are text."""
_DIRECTION = re.compile("[\u061c\u200e\u200f]")


def unmarked(text: Any) -> Any:
    """A text without the unseen marks of direction that copied names bring along: they turn what follows."""
    return _DIRECTION.sub("", text) if isinstance(text, str) else text


Name = Annotated[str, Field(min_length=1, max_length=100, pattern=NAMED), BeforeValidator(unmarked)]
OWN_NAME = "a name that no other has"
"""What a name allows that is used twice."""
MOST_NAMED = 5
"""Accounts, boosts or waves that a note names (chosen)."""
TWICE = "none_twice"
"""Kind of error of a list with an entry that stands there twice."""
Count = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class OrWord:
    """Marks a number in whose place one word may stand."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accepts the word before the number is looked at."""
        word = self.word

        def read(given: object, number: ValidatorFunctionWrapHandler) -> object:
            return given if given == word else number(given)

        return core_schema.no_info_wrap_validator_function(
            read,
            handler(source),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value),
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Names it beside the number."""
        return {"anyOf": [{"const": self.word, "type": "string"}, handler(core["schema"])]}


class NoneTwice:
    """Marks a list in which each entry says something once."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Looks once the entries are right by themselves."""

        def read(entries: tuple[Any, ...]) -> tuple[Any, ...]:
            if len({*entries}) < len(entries):
                raise PydanticCustomError(TWICE, "an entry stands twice")
            return entries

        return core_schema.no_info_after_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Says so to editors too."""
        return {**handler(core), "uniqueItems": True}


class Section(BaseModel):
    """A table of the scenario file: unknown keys are errors, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    LABEL: ClassVar[Mapping[Language, str]] = {}
    """What a table on the first level is called, where the app does not name it; its key if left out. Ours
    has English only, and Chinese in the catalogue; a plug-in's has both."""
    SWITCH: ClassVar[str] = ""
    """Key that switches off what the table is for, where it is 0, false or empty; '' if none does."""

    @classmethod
    def label(cls, language: Language, otherwise: str) -> str:
        """What the table is called; `otherwise` where nothing is said."""
        if language in cls.LABEL:
            return cls.LABEL[language]
        return Words(language)(cls.LABEL["en"]) if "en" in cls.LABEL else otherwise

    def check(self, scenario: Any) -> None:
        """Holds a table on the first level to the rest of its scenario, once each is valid by itself.

        Args:
            scenario: all of it, a Scenario.
        Raises:
            ValueError: `key: message` or `key: message; allowed: words`, the key dotted from the first level.
        """

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """Names of its keys that change nothing in this scenario, because what they are for is off."""
        return frozenset(type(self).model_fields) if self.is_off() else frozenset()

    def is_off(self) -> bool:
        """Whether the table's switch is."""
        return bool(self.SWITCH) and not getattr(self, self.SWITCH)

    def accounts_added(self, scenario: Any) -> tuple[Any, ...]:
        """Accounts in the world from the beginning beside those listed and the creators of [seeding].

        They plan no posts: a mechanism publishes for them. No other account may have their ids. Asked once
        the scenario's own accounts are known to be right, with one main account among them.
        """
        return ()

    def posts_added(self, scenario: Any) -> int:
        """Posts beyond the plan that its mechanism publishes, at most."""
        return 0

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """The table for the brand's own accounts alone, without creators and without what only money moves.

        Not asked of plug-ins: a pilot has none.

        Args:
            names: of these accounts.
            hours: how long they are looked at.
        """
        return self

    def noted(self, scenario: Any, language: Language) -> Iterator[str]:
        """What may surprise in it though it is valid, a sentence each."""
        yield from ()

    def told(self, scenario: Any, language: Language) -> str:
        """What a table on the first level makes happen, in a sentence or two; not asked while it is off."""
        return ""
