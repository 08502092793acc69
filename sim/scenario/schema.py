"""The scenario: every key a user can set, with its default, unit, source and limits.

Takes plain dictionaries (from TOML or Python); gives validated, frozen objects. Each section lies in a module
of its own beside this one. Does not find lines or word errors (source.py), expand layouts (layouts.py) or
creators (seeding.py), or hold rules.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from pydantic import ConfigDict, GetJsonSchemaHandler, ModelWrapValidatorHandler, model_validator
from pydantic_core import CoreSchema

from sim import plugins
from sim.language.vocabulary import ORIGINS
from sim.language.words import N_, NC_
from sim.plugins import MECHANISM, PLATFORM
from sim.scenario import overlay, plugged, shipped, source
from sim.scenario.audience import Audience, Brand, Content, Sharing
from sim.scenario.campaign import Campaign
from sim.scenario.cleaning import Cleaning
from sim.scenario.creators import Seeding, fit_of
from sim.scenario.dilution import Dilution
from sim.scenario.enforcement import Enforcement
from sim.scenario.entrances import Entrances
from sim.scenario.hooks import PostHooks
from sim.scenario.incubation import Incubation
from sim.scenario.matrix import Account, Links, TierName
from sim.scenario.paid import Paid
from sim.scenario.parameter import parameter
from sim.scenario.production import Production
from sim.scenario.recommendation import Platform
from sim.scenario.section import OWN_NAME, Name, Section
from sim.scenario.structure import Structure
from sim.scenario.toml_text import toml_text
from sim.scenario.topics import Topics
from sim.scenario.weight import AccountWeight


class RunSettings(Section):
    """How long, from when, with which luck."""

    hours: int = parameter(
        168, "Hours simulated.", unit="h", ge=1, le=8760,
        label=NC_("key", "Length, h"),
    )  # fmt: skip
    start: str = parameter(
        "Monday 00:00", "Weekday and hour at which the run begins (Beijing time).",
        pattern="^(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday) ([01]\\d|2[0-3]):00$",
        label=NC_("key", "Begins, Beijing time"),
    )  # fmt: skip
    seed: int = parameter(
        1, "Which luck; the same seed gives the same tables.", ge=0, lt=2**63,
        label=NC_("key", "Seed"),
    )  # fmt: skip

    @property
    def first_hour(self) -> int:
        """Hour of the day at which the run begins, Beijing time."""
        return int(self.start.split()[1][:2])


def _accounts() -> tuple[Account, ...]:
    return (
        Account(id="main", role="main", fans=3000),
        Account(id="sub-1"),
        Account(id="sub-2"),
        Account(id="sub-3"),
    )


class Scenario(Section):
    """A complete scenario; `name` alone is valid.

    Example:
        >>> Scenario.loads('name = "mine"', settings=["links.layout=ring"]).links.layout
        'ring'
    """

    # Tables of plug-ins lie beside its own; what is neither is refused (scenario/plugged.py).
    model_config = ConfigDict(extra="allow")

    NOT_YET: ClassVar[Mapping[str, str]] = {
        "private": N_("the private domain: fan layers, pushes, messages"),
        "groups": N_("fan groups"),
        "live": N_("live rooms"),
        "paid.ads": N_("feed ads"),
        "leads": N_("leads and landing pages"),
        "ugc": N_("content made by fans for an incentive"),
        "fission": N_("invitations that unlock a reward"),
        "outside": N_("traffic from other platforms and offline codes"),
        "competitors": N_("competitors"),
        "opinion": N_("public opinion"),
        "compliance": N_("qualifications and compliance"),
        "accounts.persona": N_("personas of accounts"),
    }
    """Keys of the contract whose mechanism is not built yet, and what they would switch on."""

    name: Name = parameter(
        ..., "What this scenario is called.",
        label=NC_("key", "Name"),
    )  # fmt: skip
    audience: Audience = parameter(Audience, "The audience.", label=NC_("key", "Audience"))
    platform: Platform = parameter(Platform, "The platform.", label=NC_("key", "Platform"))
    content: Content = parameter(Content, "The content and how people respond.", label=NC_("key", "Content"))
    dilution: Dilution = parameter(Dilution, "Like and comment rates that depend on reach.")
    sharing: Sharing = parameter(Sharing, "Sharing to friends.", label=NC_("key", "Sharing"))
    brand: Brand = parameter(Brand, "The brand.", label=NC_("key", "Brand"))
    accounts: tuple[Account, ...] = parameter(
        _accounts, "The accounts of the matrix.", label=NC_("key", "Accounts"), min_length=1, max_length=2000
    )
    structure: Structure = parameter(Structure, "Accounts that publish, and what they cost.")
    links: Links = parameter(Links, "Links between the accounts.", label=NC_("key", "Links"))
    seeding: Seeding = parameter(Seeding, "Creators paid to post.", label=NC_("key", "Creators"))
    incubation: Incubation = parameter(Incubation, "Active people who come to post.")
    campaign: Campaign = parameter(Campaign, "Waves in which accounts act together.")
    production: Production = parameter(Production, "What posts cost to make.")
    account_weight: AccountWeight = parameter(AccountWeight, "Weight of accounts that moves.")
    enforcement: Enforcement = parameter(Enforcement, "Enforcement against matrices.")
    cleaning: Cleaning = parameter(Cleaning, "Fans that the platform erases.")
    topics: Topics = parameter(Topics, "Topics that become hot.")
    hooks: PostHooks = parameter(PostHooks, "Hooks and prompts of posts.")
    entrances: Entrances = parameter(Entrances, "Views from search and nearby.")
    paid: Paid = parameter(Paid, "Traffic that is bought.")
    run: RunSettings = parameter(RunSettings, "Length, start and luck of the run.", label=NC_("key", "Time"))
    fitted: dict[str, tuple[float, ...]] = parameter(
        dict,
        "Keys that were fitted to one's own videos, each with its value; one that has another now is not.",
        max_length=200,
        label=NC_("key", "Fitted to your data"),
    )  # fmt: skip

    @model_validator(mode="wrap")
    @classmethod
    def _with_plugins(cls, given: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(given, Mapping):
            return handler(given)
        return cast("Self", plugged.joined(given, cls.model_fields, handler))

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        found = handler(core)
        node = handler.resolve_ref_schema(found)
        for name, kind in plugged.known(frozenset(cls.model_fields)).items():
            node["properties"][name] = handler(kind.__pydantic_core_schema__)
        node["additionalProperties"] = False
        return found

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids: set[str] = set()
        for k, account in enumerate(self.accounts):
            if account.id in ids:
                raise ValueError(f"accounts.{k}.id: {account.id!r} is used twice; allowed: {OWN_NAME}")
            ids.add(account.id)
        mains = sum(account.role == "main" for account in self.accounts)
        if mains != 1:
            raise ValueError(f"accounts: exactly one account needs role = 'main', found {mains}")
        return self

    @model_validator(mode="after")
    def _ids_are_not_those_of_sections(self) -> Self:
        taken = {account.id: f"accounts.{k}.id" for k, account in enumerate(self.accounts)}
        for row in self.seeding.booked:
            if key := taken.get(row.id):
                raise ValueError(
                    f"{key}: {row.id!r} is the id of a creator of [seeding]; allowed: {OWN_NAME}"
                )
            taken[row.id] = "seeding.ratio"
        taken |= {row.name: f"seeding.creators.{k}.name" for k, row in enumerate(self.seeding.creators)}
        for name, section in self:
            for account in section.accounts_added(self) if isinstance(section, Section) else ():
                if key := taken.get(account.id):
                    raise ValueError(
                        f"{key}: {account.id!r} is the id of an account of [{name}]; allowed: {OWN_NAME}"
                    )
                taken[account.id] = name
        return self

    @model_validator(mode="after")
    def _topics_exist(self) -> Self:
        used = [(f"accounts.{k}.topics", t) for k, a in enumerate(self.accounts) for t in a.topics or ()]
        if self.seeding.topic is not None:
            used.append(("seeding.topic", self.seeding.topic))
        for key, topic in used:
            if topic not in self.audience.topics:
                words = ", ".join(self.audience.topics)
                raise ValueError(f"{key}: {topic!r} is not a topic of [audience]; allowed: {words}")
        return self

    @model_validator(mode="after")
    def _edges_join_brand_accounts(self) -> Self:
        brand = {account.id for account in self.accounts if account.role != "creator"}
        seen = set()
        for k, (start, end, channel) in enumerate(self.links.edges):
            key = f"links.edges.{k}"
            if missing := [name for name in (start, end) if name not in brand]:
                words = ", ".join(sorted(brand))
                raise ValueError(f"{key}: {missing[0]!r} is not a brand account; allowed: {words}")
            if start == end:
                raise ValueError(f"{key}: {start!r} cannot link to itself")
            if (start, end, channel) in seen:
                raise ValueError(f"{key}: this link is listed twice")
            seen.add((start, end, channel))
        return self

    @model_validator(mode="after")
    def _fans_fit(self) -> Self:
        seeding, users = self.seeding, self.audience.users
        held: dict[str, tuple[int, float]] = {}
        for row in () if seeding.creators else seeding.booked:
            held[f"seeding.tiers.{row.tier}.audience_fit"] = row.fans, self.fit(row.tier, row.audience_fit)
        for k, own in enumerate(seeding.creators):
            held[f"seeding.creators.{k}.fans"] = own.fans, self.fit(seeding.tier_of(own), own.audience_fit)
        for k, account in enumerate(self.accounts):
            held[f"accounts.{k}.fans"] = account.fans, self.fit(account.tier, account.audience_fit)
        for key, (fans, fit) in held.items():
            if (inside := round(fans * fit)) > users:
                most = f"{users / fans:.2g}" if key.endswith("fit") else f"{int(users / fit):,}"
                kind = "a number" if key.endswith("fit") else "a whole number"
                raise ValueError(
                    f"{key}: {inside:,} fans inside the audience are more than audience.users = {users:,}; "
                    f"allowed: {kind} from 0 to {most}"
                )
        return self

    @model_validator(mode="after")
    def _sections_fit(self) -> Self:
        for section in self.sections():
            section.check(self)
        return self

    @classmethod
    def section_types(cls) -> dict[str, type[Section]]:
        """Its tables on the first level, by key; those of plug-ins come last."""
        kinds = ((name, field.annotation) for name, field in cls.model_fields.items())
        own = {name: kind for name, kind in kinds if isinstance(kind, type) and issubclass(kind, Section)}
        return {**own, **plugged.known(frozenset(cls.model_fields))}

    @property
    def plugged(self) -> Mapping[str, Section]:
        """The tables of plug-ins, by name: those that stand in the scenario."""
        return dict(sorted((self.__pydantic_extra__ or {}).items()))

    def table_of(self, plugin: str) -> Any:
        """The table of a plug-in, which has its defaults where the scenario does not hold it."""
        return self.plugged.get(plugin) or plugged.section_of(plugin)()

    @property
    def origins(self) -> tuple[str, ...]:
        """Where what it counts can come from: our origins, then those of the plug-ins that it names.

        In this order they stand in tallies, wherever people are: what else is installed makes no difference.
        Raises:
            BrokenPluginError: one of them cannot be used.
        """
        named = {self.platform.model, *self.plugged} & {*plugins.names(MECHANISM), *plugins.names(PLATFORM)}
        brought = (origin for name in sorted(named) for origin in plugged.origins_of(name))
        return tuple(dict.fromkeys((*ORIGINS, *brought)))

    def holds(self, tier: TierName) -> bool:
        """Whether creators of a tier can be booked: fans inside the audience do not outnumber its people.

        Those of a list have fans of their own, which were looked at when it was read.
        """
        if self.seeding.creators:
            return True
        return round(self.seeding.tiers[tier].fans * self.fit(tier)) <= self.audience.users

    def fit(self, tier: TierName | None, own: float | None = None) -> float:
        """Share of an account's fans inside the audience (K8): of a brand account all of them.

        Args:
            tier: of a creator, None for a brand account.
            own: the creator's own share, where it is known.
        """
        if tier is None:
            return 1.0
        known = self.seeding.tiers[tier].audience_fit if own is None else own
        lift: float = getattr(self.seeding.market.lift, tier)
        return fit_of(known, lift, self.audience.users, self.audience.platform_people)

    def pull(self, account: Account) -> float:
        """What multiplies the first pool of an account's posts: its weight, and what being paid for costs."""
        paid = self.seeding.market.commercial_factor if account.role == "creator" else 1.0
        return account.weight * paid

    def sections(self) -> Iterator[Section]:
        """Its tables on the first level; of accounts there are many, and they are none."""
        return (value for _, value in self if isinstance(value, Section))

    def all_added(self) -> tuple[Account, ...]:
        """Accounts that its sections add to those listed and to the creators of [seeding]."""
        return tuple(account for section in self.sections() for account in section.accounts_added(self))

    @classmethod
    def load(cls, path: str | os.PathLike[str], settings: Sequence[str] = ()) -> Self:
        """The scenario in a file.

        Args:
            path: a TOML file, or the name of a shipped scenario such as `beauty_matrix`.
            settings: `key=value`, laid over the file.
        Raises:
            ScenarioError: the file, a key or a setting is wrong; every problem found is named.
        """
        found = shipped.resolve(path)
        return cls.loads(source.read(found), os.fspath(found), settings)

    @classmethod
    def loads(cls, text: str, file: str = "<text>", settings: Sequence[str] = ()) -> Self:
        """The scenario in a TOML text; `file` is its name in messages."""
        defaults = cls(name="default").model_dump()
        data, places = overlay.overlaid(source.parse(text, file), settings, defaults)
        return source.validated(cls, data, source.Origin(file, text, places))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The scenario in a dictionary; lists count as tuples."""
        return source.validated(cls, data, source.Origin())

    def with_values(self, values: Mapping[str, object]) -> Self:
        """A copy with dotted keys set, checked anew.

        Example:
            >>> Scenario(name="mine").with_values({"links.layout": "star"}).links.layout
            'star'
        """
        return self.from_dict(overlay.assigned(self.model_dump(), values))

    def to_toml(self) -> str:
        """The scenario as a TOML text with every key that has a value; reading it gives an equal one."""
        return toml_text(self.model_dump())
