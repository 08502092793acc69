"""The keys of a campaign (M9, K4): waves in which accounts and creators act together.

Takes plain values; gives the frozen section campaign, which is checked against the rest of its scenario.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from sim.language.numbers import percent, spelt
from sim.language.words import N_, NC_, Language, Words
from sim.rules.campaign import dealt, hour_in_wave
from sim.scenario.matrix import TIERS
from sim.scenario.names import account_name
from sim.scenario.parameter import assumed, assumed_hours, parameter
from sim.scenario.section import MOST_NAMED, OWN_NAME, Name, NoneTwice, Section, Share

ACCOUNTS, CREATORS = "accounts", "creators"
"""Stand for all accounts of the brand, and for all creators."""

CROWDED = 2.0
"""Times as many posts within 24 h as planned a day, from which a note says so (chosen)."""
DAY_H = 24


class Phase(Section):
    """A wave: who acts, when, and under which topic."""

    name: Name = parameter(..., "What the wave is called.")
    start_hour: int = parameter(..., "Hour in which it begins.", unit="h", ge=0, le=8760)
    hours: int = parameter(24, "How long it lasts.", unit="h", ge=1, le=8760)
    accounts: Annotated[tuple[Name, ...], NoneTwice()] = parameter(
        (ACCOUNTS,),
        "Who acts in it: accounts by name, tiers of creators, accounts or creators for all of them. They "
        "post in their waves and at no other time. Empty: nobody posts, the wave promotes the others'.",
        max_length=2000,
    )
    topic: str = parameter(
        "",
        "Topic that its posts join, which may become hot; the account's own where it is left out.",
        max_length=100,
    )
    budget_cny: float = parameter(
        0.0,
        "Money that promotes its posts in equal parts over its hours; where nobody posts in it, those of "
        "the other waves with its topic (of all of them, if it names none).",
        unit="CNY",
        ge=0,
        le=1e9,
    )


class Campaign(Section):
    """Waves in which accounts and creators act together (M9, K4)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Campaign")}
    SWITCH = "phases"
    phases: tuple[Phase, ...] = parameter(
        (), "Waves, in any order.", label=NC_("key", "Waves"), max_length=200
    )
    on_time: Share = assumed(
        1.0, "Share of the accounts that act on time in a wave.", (0.5, 1.0),
        "assumed; operators name execution of the lines as what campaigns fail by", off=1.0,
    )  # fmt: skip
    late_h: int = assumed_hours(
        24, "Hours by which the others are late.", (6, 72),
        label=NC_("key", "Delay of the accounts that are late, h"),
    )  # fmt: skip
    cpm_cny: float = assumed(
        20.0, "Price of 1,000 paid impressions of a wave's budget.", (10, 80),
        "100 CNY buy about 5,000 plays of DOU+ (all trade pages agree); other paid traffic 10-80", unit="CNY",
        ge=0.01, le=1e5,
        label=NC_("key", "CPM of a wave's budget, CNY"),
    )  # fmt: skip

    def waves_of(self, account: Any) -> list[int]:
        """Numbers of the waves in which an account takes part, in order of their beginning."""
        bought = account.role == "creator"
        return self.waves_for(account.id, *((account.tier, CREATORS) if bought else (ACCOUNTS,)))

    def waves_for(self, *names: str | None) -> list[int]:
        """Numbers of the waves that name any of these, in order of their beginning."""
        found = [k for k, phase in enumerate(self.phases) if not set(names).isdisjoint(phase.accounts)]
        return sorted(found, key=lambda k: (self.phases[k].start_hour, k))

    def without(self, name: str) -> tuple[Phase, ...]:
        """The waves without an account; what only it acts in, or promotes it, falls away."""
        rest = tuple(
            phase.model_copy(update={"accounts": tuple(who for who in phase.accounts if who != name)})
            for phase in self.phases
            if phase.accounts != (name,)
        )
        left = self.model_copy(update={"phases": rest})
        return tuple(phase for k, phase in enumerate(rest) if left.promoted_by(k))

    def noted(self, scenario: Any, language: Language) -> Iterator[str]:
        """Waves whose money buys nothing, or that outlast the run; whose posts its waves crowd most."""
        words, waves = Words(language), enumerate(self.phases)
        idle = [f"campaign.phases.{k}" for k, wave in waves if 0 < 1000 * wave.budget_cny < self.cpm_cny]
        if idle:
            yield words(
                "budget_cny does not pay for one impression, so it promotes nothing in these waves: {waves}.",
                waves=words.listed(idle, MOST_NAMED),
            )
        beyond = [wave.name for wave in self.phases if wave.start_hour + wave.hours > scenario.run.hours]
        if beyond:
            yield words(
                "Posts after the end of the run do not come out; these waves go on beyond it: {waves}.",
                waves=words.listed(beyond, MOST_NAMED),
            )
        own = (a for a in scenario.accounts if a.role != "creator" and a.posts_per_day)
        crowded = ((self._most_in_a_day(a, scenario), a) for a in own)
        most, account = max(
            crowded, key=lambda day: day[0] / max(1.0, day[1].posts_per_day), default=(0, None)
        )
        if account and most >= CROWDED * max(1.0, account.posts_per_day):
            yield words(
                "{account} posts only in its waves: up to {now} within 24 h in place of {planned} a day.",
                account=account_name(account.id, language),
                now=most,
                planned=f"{account.posts_per_day:.3g}",
            )

    def _most_in_a_day(self, account: Any, scenario: Any) -> int:
        """Posts of an account that its waves bring within 24 h, at most; 0 where it has none."""
        waves = [self.phases[k] for k in self.waves_of(account)]
        posts = round(account.posts_per_day * scenario.run.hours / 24)
        counts = dealt(posts, [wave.hours for wave in waves]) if waves else []
        hours = sorted(
            hour_in_wave(n, own, 0.0, wave.start_hour, wave.hours)
            for wave, own in zip(waves, counts, strict=True)
            for n in range(own)
        )
        hours = [hour for hour in hours if hour < scenario.run.hours]
        return max((k - bisect_right(hours, hour - DAY_H) + 1 for k, hour in enumerate(hours)), default=0)

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """The waves in which some of the brand's accounts act before an hour, without creators and money."""
        known, rest = {ACCOUNTS, *names}, []
        for phase in self.phases:
            who = tuple(name for name in phase.accounts if name in known)
            if who and phase.start_hour < hours:
                rest.append(phase.model_copy(update={"accounts": who, "budget_cny": 0.0}))
        neutral = type(self)().cpm_cny
        return self.model_copy(update={"phases": tuple(rest), "cpm_cny": neutral})

    def promoted_by(self, wave: int) -> list[int]:
        """Numbers of the waves whose posts a wave's money promotes: itself, or others."""
        own = self.phases[wave]
        if own.accounts:
            return [wave]
        return [k for k, phase in enumerate(self.phases) if phase.accounts and own.topic in ("", phase.topic)]

    def check(self, scenario: Any) -> None:
        """Accounts and topics exist, waves have names of their own and begin before the run ends."""
        allowed = [ACCOUNTS, *(a.id for a in scenario.accounts), CREATORS, *TIERS]
        named = {who for phase in self.phases for who in phase.accounts} - {*allowed}
        # Who could be booked and is not acts in no mix that leaves him out: that is no mistake.
        bookable = scenario.seeding.candidates.values() if named else ()
        names = {*allowed, *(row.id for rows in bookable for row in rows)}
        hours, topics = scenario.run.hours, scenario.audience.topics
        for k, phase in enumerate(self.phases):
            key = f"campaign.phases.{k}"
            if any(phase.name == other.name for other in self.phases[:k]):
                raise ValueError(f"{key}.name: {phase.name!r} is used twice; allowed: {OWN_NAME}")
            if phase.start_hour >= hours:
                raise ValueError(
                    f"{key}.start_hour: the run is over by then, run.hours = {hours}; "
                    f"allowed: a whole number from 0 to {hours - 1}"
                )
            for who in phase.accounts:
                if who not in names:
                    raise ValueError(f"{key}.accounts: {who!r} is nobody; allowed: {', '.join(allowed)}")
            if not phase.accounts and not (phase.budget_cny and self.promoted_by(k)):
                raise ValueError(
                    f"{key}.accounts: nobody posts in it; then it needs a budget_cny and another wave "
                    f"that it promotes; allowed: {', '.join(allowed)}"
                )
            if phase.topic and phase.topic not in topics:
                raise ValueError(
                    f"{key}.topic: {phase.topic!r} is no topic of the audience; allowed: {', '.join(topics)}"
                )

    def told(self, scenario: Any, language: Language) -> str:
        """The waves, in order."""
        words = Words(language)
        waves = (
            words(
                "{name} from hour {start} for {hours} h",
                name=phase.name, start=spelt(phase.start_hour, language), hours=spelt(phase.hours, language),
            )
            + (
                words(", with {budget} CNY of promotion", budget=spelt(phase.budget_cny, language))
                if phase.budget_cny
                else ""
            )
            for phase in sorted(self.phases, key=lambda phase: phase.start_hour)
        )  # fmt: skip
        return words(
            "Campaign: {waves}. Who takes part posts in these waves only, as often as planned in all.",
            waves=words.listed(waves),
        ) + (
            words(
                " {on_time} act on time, the others {late} h later.",
                on_time=percent(self.on_time),
                late=self.late_h,
            )
            if self.on_time < 1
            else ""
        )
