"""The tables of plug-ins in a scenario: each is named after its plug-in and checked by the model it brings.

Takes plain values; gives frozen sections. Imports a plug-in only where a scenario names it, or where every
key there is has to be listed; one that is broken is then left out, and said where it is named.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, create_model
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from sim import plugins
from sim.errors import Phrase
from sim.language.vocabulary import Origin, arriving
from sim.plugins import MECHANISM, PLATFORM, BrokenPluginError
from sim.scenario.section import Section

FACTS = {"unit", "status", "source"}
"""What `parameter` says about a key."""
BROKEN = "plugin_broken"
"""Kind of error of a table whose plug-in cannot be used."""


@cache
def section_of(name: str) -> type[Section]:
    """The model of a plug-in's table: its class attribute `section`, an empty table where it has none.

    Raises:
        BrokenPluginError: it cannot be used.
    """
    plugin, kind = plugins.loaded(name)
    section = getattr(kind, "section", Section)
    if not (isinstance(section, type) and issubclass(section, Section)):
        raise plugins.broken(plugin, Phrase("its `section` is no subclass of sim.scenario.section.Section"))
    for key, field in section.model_fields.items():
        facts = field.json_schema_extra
        if not isinstance(facts, dict) or not set(facts) >= FACTS:
            raise plugins.broken(
                plugin, Phrase("its key {key} is not made by sim.scenario.parameter.parameter", key=key)
            )
        if key in vars(Section):
            raise plugins.broken(plugin, Phrase("its key {key} is the name of what every table has", key=key))
        if field.is_required():
            raise plugins.broken(plugin, Phrase("its key {key} has no default", key=key))
    origins_of(name)
    return section


@cache
def origins_of(name: str) -> tuple[str, ...]:
    """The origins that a plug-in brings, its class attribute `origins`; their words are known from then on.

    Raises:
        BrokenPluginError: it cannot be used.
    """
    plugin, kind = plugins.loaded(name)
    brought = getattr(kind, "origins", ())
    if not (isinstance(brought, tuple) and all(isinstance(origin, Origin) for origin in brought)):
        raise plugins.broken(plugin, Phrase("its `origins` are no tuple of sim.language.vocabulary.Origin"))
    try:
        return tuple(map(arriving, brought))
    except ValueError as error:
        raise plugins.broken(plugin, Phrase("of its `origins`, {error}", error=error)) from error


@cache
def known(taken: frozenset[str]) -> Mapping[str, type[Section]]:
    """The models of all plug-ins that can be used, by name.

    Args:
        taken: names of the tables that a scenario has anyway.
    """
    found = {}
    for name in sorted({*plugins.names(MECHANISM), *plugins.names(PLATFORM)} - taken):
        try:
            found[name] = section_of(name)
        except BrokenPluginError:
            continue
    return found


def joined(
    given: Mapping[object, object], own: Mapping[str, object], handler: Callable[[object], BaseModel]
) -> BaseModel:
    """A scenario with the tables of its plug-ins, every problem of both found.

    Args:
        given: all of it.
        own: keys that a scenario has anyway.
        handler: makes a scenario of those.
    Raises:
        ValidationError: something is wrong.
    """
    others = {key: value for key, value in given.items() if isinstance(key, str) and key not in own}
    problems: list[InitErrorDetails] = []
    scenario, sections = None, {}
    try:
        scenario = handler({key: value for key, value in given.items() if key not in others})
    except ValidationError as error:
        problems += map(_again, error.errors(include_url=False))
    try:
        sections = _sections(others)
    except ValidationError as error:
        problems += map(_again, error.errors(include_url=False))
    if problems or scenario is None:
        raise ValidationError.from_exception_data("Scenario", problems)
    if scenario.__pydantic_extra__ is not None:
        scenario.__pydantic_extra__.update(sections)
    return scenario


def _sections(given: Mapping[str, object]) -> dict[str, Section]:
    if not given:
        return {}
    installed = {*plugins.names(MECHANISM), *plugins.names(PLATFORM)}
    kinds: dict[str, Any] = {}
    for name in sorted(installed & set(given)):
        try:
            kinds[name] = (section_of(name), ...)
        except BrokenPluginError as error:
            kind = PydanticCustomError(BROKEN, "{why}", {"why": str(error)})
            problem = InitErrorDetails(type=kind, loc=(name,), input=given[name])
            raise ValidationError.from_exception_data("Scenario", [problem]) from None
    tables = create_model("Plugged", __base__=Section, **kinds).model_validate(given)
    return {name: getattr(tables, name) for name in kinds}


def _again(details: Any) -> InitErrorDetails:
    """A problem that was found, to be raised together with others."""
    kind = PydanticCustomError(details["type"], "{said}", {**details.get("ctx", {}), "said": details["msg"]})
    return InitErrorDetails(type=kind, loc=details["loc"], input=details["input"])


class OrPlatform:
    """Marks a key that takes the name of a platform plug-in beside its own words."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accepts names of plug-ins before the words are looked at."""
        return core_schema.no_info_wrap_validator_function(
            _platform, handler(source), serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Names them among the words."""
        node = handler(core)
        return {**node, "enum": [*node["enum"], *plugins.names(PLATFORM)]}


def _platform(given: object, handler: Callable[[object], object]) -> object:
    if not (isinstance(given, str) and given in plugins.names(PLATFORM)):
        return handler(given)
    with suppress(BrokenPluginError):  # it is said where it is to decide; here its words become known
        origins_of(given)
    return given
