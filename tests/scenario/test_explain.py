import json
import re
from typing import get_args

import pytest
from hypothesis import given, settings

from sim.cli import main
from sim.language.numbers import spelt
from sim.language.words import Language
from sim.scenario.explain import assumptions, explain
from sim.scenario.notes import notes
from sim.scenario.reference import assumed_rows, json_schema, parameters, parameters_of
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped
from tests.market import PLAIN
from tests.scenario.valid import scenarios


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_every_scenario_can_be_explained_in_both_languages(scenario: Scenario) -> None:
    for language in get_args(Language):
        assert explain(scenario, language).startswith(scenario.name)


def test_a_pool_larger_than_the_audience_is_said() -> None:
    scenario = Scenario.load("beauty_matrix", ["audience.users=200000"])
    assert "pool 5 (600,000) exceeds the audience of 200,000" in explain(scenario)
    assert "第 5 级流量池（60 万）超过人群总数 20 万" in explain(scenario, "zh")


def test_chinese_uses_the_words_of_the_trade() -> None:
    text = explain(Scenario.load("seeding_pyramid"), "zh")
    for word in ("主账号", "子账号", "互关", "互赞", "互@", "流量池", "完播率", "达人", "素人"):
        assert word in text
    assert not any(mark in text for mark in (", ", ";", "(", ")"))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("links.density=0.5", "density counts only with layout mesh"),
        ('accounts=[{id="alone", role="main"}]', "a single brand account"),
        ("links.layout=custom", "layout custom has no links here: the run is that of layout none"),
        ("links.channels=[]", "layout star has no links here"),
        (
            'links={layout="custom", edges=[["school", "team", "like"]]}',
            "without a link to or from another account: 'alumni', 'band', 'canteen'",
        ),
        ('links={layout="mesh", density=0.05}', "without a link to or from another account"),
        (
            'accounts=[{id="Ａcme", role="main"}, {id="acme"}]',
            "'Ａcme' and 'acme' look alike and are two names",
        ),
        ('accounts=[{id="é", role="main"}, {id="e\u0301"}]', r"'é' and 'e\u0301' look alike"),
        ('accounts=[{id="a", role="main"}, {id="a\u200b"}]', r"'a' and 'a\u200b' look alike"),
        ('accounts=[{id="a", role="main", material="M"}, {id="b", material="m"}]', "'M' and 'm' look alike"),
        ("audience={users=2000, topics={Food=0.5, food=0.2, sport=0.1, music=0.2}}", "'Food' and 'food'"),
    ],
)
def test_what_may_surprise_is_noted(setting: str, said: str) -> None:
    assert said in explain(Scenario.load("classroom", [setting]))


@pytest.mark.parametrize(
    ("off", "en", "zh"),
    [
        ("platform.account_luck_sd=0", "\nLuck: ", "\n账号运气："),
        ("platform.account_heat_sd=0", "\nHeat: ", "\n账号热度："),
        ("platform.same_day_elasticity=0", "\nCrowding: ", "\n发布拥挤："),
        ("platform.author_decay=1", "\nAuthor scatter: ", "\n打散："),
        ("platform.same_content_factor=1", "\nCopies: ", "\n同质内容："),
        ("audience.put_off_share=0", "\nRepetition puts ", "\n重复反感："),
        ("brand.gpm_cny=0", "(GPM)", "（GPM）"),
    ],
)
def test_a_force_is_told_where_it_is_on_and_only_there(off: str, en: str, zh: str) -> None:
    on, without = Scenario.load("beauty_matrix"), Scenario.load("beauty_matrix", [off])
    assert en in explain(on)
    assert zh in explain(on, "zh")
    assert en not in explain(without)
    assert zh not in explain(without, "zh")


@pytest.mark.parametrize("layout", ["none", "single", "star", "ring", "chain", "tree", "mesh"])
def test_nothing_is_noted_where_nothing_surprises(layout: str) -> None:
    assert notes(Scenario.load("classroom", [f"links.layout={layout}"])) == []


def test_notes_stand_in_check_and_alike_names_beside_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--set", 'accounts=[{id="a", role="main"}, {id="A"}]', "--set", "links.layout=custom")
    with pytest.raises(SystemExit) as ended:
        main(["scenario", "check", "classroom", *given])
    assert ended.value.code == 0
    said = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(":")[:2] for line in said] == [["classroom", " note"]] * 2
    with pytest.raises(SystemExit):
        main(["run", "classroom", "--hours", "1", "--json", *given])
    assert "look alike" in capsys.readouterr().err


def test_a_tier_rounded_to_0_is_noted() -> None:
    scenario = Scenario.load("seeding_pyramid", ["seeding.scale=0.1"])
    assert "famous KOL: rounded to 0 creators" in explain(scenario)


def test_what_is_left_of_the_budget_is_said() -> None:
    for budget, said in (
        (9_999, "9,800 CNY of a budget of 9,999 CNY (199 CNY are left"),
        (20_000, "20,000 CNY."),
    ):
        scenario = Scenario.load("seeding_pyramid", [f"seeding.budget_cny={budget}"])
        plain = {**scenario.seeding.model_dump(), **PLAIN}
        assert said in explain(scenario.with_values({"seeding": plain}))


def test_numbers_are_written_as_each_language_does() -> None:
    assert [spelt(n, "en") for n in (66.5, 9.0, 200_000, 2_500_000)] == ["66.5", "9", "200,000", "2.5M"]
    written = [spelt(n, "zh") for n in (66.5, 2000, 13_500, 30_000_000, 120_000_000)]
    assert written == ["66.5", "2,000", "1.35 万", "3,000 万", "1.2 亿"]


def test_the_reference_has_every_key_of_a_complete_scenario() -> None:
    def keys(value: object, prefix: str) -> set[str]:
        if isinstance(value, dict) and not prefix.endswith((".topics", ".ingredients", "fitted")):
            return {key for name, item in value.items() for key in keys(item, f"{prefix}.{name}".lstrip("."))}
        if isinstance(value, tuple) and value and isinstance(value[0], dict):
            return keys(value[0], f"{prefix}.*")
        return {prefix}

    dumped = {key.replace("tiers.star", "tiers.*") for key in keys(Scenario(name="x").model_dump(), "")}
    dumped = {key for key in dumped if not key.startswith("seeding.tiers.") or ".*." in key}
    empty = {key for key in dumped if any(row.key.startswith(f"{key}.*.") for row in parameters())}
    found = {row.key for row in parameters()}
    assert {next((key for key in empty if row.startswith(f"{key}.*.")), row) for row in found} == dumped


def test_every_default_says_how_it_is_known_and_lies_in_its_range() -> None:
    for row in parameters():
        assert row.description
        assert row.status == "chosen" or row.source
        if row.range is not None and isinstance(row.default, int | float):
            assert row.range[0] <= row.default <= row.range[1]


def test_every_assumption_is_listed_with_the_value_used_and_its_range() -> None:
    lines = assumptions(Scenario.load("classroom", ["links.mention_probability=0.01"])).splitlines()
    listed = (
        "links.mention_probability = 0.01 per impression (plausible 0.0003 – 0.02; assumed; no measurement"
    )
    assert any(line.startswith(listed) for line in lines)
    assert len(lines) > 30


@pytest.mark.parametrize(("language", "count"), [("en", r"(\d+) assumed"), ("zh", r"假设 (\d+) 项")])
def test_as_many_assumptions_are_listed_as_are_counted(language: Language, count: str) -> None:
    scenario = Scenario.load("seeding_pyramid")
    lines = assumptions(scenario, language).splitlines()
    found = re.search(count, explain(scenario, language))
    assert found
    assert len(lines) == int(found[1])
    assert {line.partition(" = ")[0] for line in lines} == {
        row.key for row in parameters_of([scenario]) if row.status == "assumed"
    }


def test_an_assumption_about_entries_has_the_values_in_use() -> None:
    def said(*settings: str) -> list[str]:
        lines = assumptions(Scenario.load("beauty_matrix", settings)).splitlines()
        return [
            line.partition(" (")[0] for line in lines if line.startswith(("accounts", "paid.boosts.*.cpm"))
        ]

    boost = "paid.boosts.*.cpm_cny = 20.0 CNY"  # the default: nothing is boosted
    assert said() == ["accounts.*.cost_per_post_cny = 300.0 CNY", boost]
    assert said("accounts.main.cost_per_post_cny=80") == [
        "accounts.*.cost_per_post_cny = 80.0 – 300.0 CNY", boost,
    ]  # fmt: skip


def test_scenarios_share_an_assumption_about_entries_whatever_their_number() -> None:
    pair = [Scenario.load("classroom"), Scenario.load("beauty_matrix")]
    shared = {row.key: value for row, value, _ in assumed_rows(pair)}
    assert shared["accounts.*.cost_per_post_cny"] == "300.0 CNY"
    assert "platform.pools" in {row.key for row, _, span in assumed_rows(pair[1:]) if not span}


def test_assumptions_of_what_is_off_are_neither_listed_nor_counted() -> None:
    def listed(*settings: str) -> set[str]:
        return {row.key for row, _, _ in assumed_rows([Scenario.load("classroom", settings)])}

    plain, other = listed(), listed("platform.model=score", "enforcement.hazard=1")
    assert "platform.pass_share" in plain - other
    assert {"platform.score_reach_power", "enforcement.hazard", "enforcement.cut"} <= other - plain
    both = {row.key for row, _, _ in assumed_rows([
        Scenario.load("classroom"), Scenario.load("classroom", ["platform.model=score"])
    ])}  # fmt: skip
    assert {"platform.pass_share", "platform.score_reach_power"} <= both
    assert f"{len(plain)} assumed" in explain(Scenario.load("classroom"))


def test_every_assumed_number_has_a_plausible_range() -> None:
    rows = [row for row in parameters() if row.status == "assumed" and isinstance(row.default, int | float)]
    assert [row.key for row in rows if row.range is None] == []


def test_the_json_schema_describes_what_is_shipped() -> None:
    schema = json.loads(json.dumps(json_schema()))
    assert schema["required"] == ["name"]
    assert schema["additionalProperties"] is False
    assert {"links", "seeding", "run"} <= set(schema["properties"])
    assert shipped()


def test_posts_after_the_end_are_told_by_one_voice() -> None:
    late = explain(Scenario.load("seeding_pyramid", ["run.hours=24"]))
    assert (
        "the run ends after" not in late
    )  # `plan_warnings`, which every caller prints beside it, says how many


def test_what_assumptions_rest_on_is_told_in_chinese_too() -> None:
    rows = [row.source for row, _, _ in assumed_rows([Scenario.load("beauty_matrix")])]
    told = assumptions(Scenario.load("beauty_matrix"), "zh")
    assert not [source for source in rows if len(source) > 8 and f"；{source}）" in told]
    assert told.count("assumed") == 0


def counts_at_work(*settings: str) -> list[int]:
    """Numbers at work, measured, published, assumed, and set by the scenario."""
    (line,) = [row for row in explain(Scenario(name="x").with_values({}) if not settings else Scenario.loads(
        'name = "x"', settings=list(settings))).splitlines() if row.startswith("Of these")]  # fmt: skip
    return [int(number) for number in re.findall(r"\d+", line)]


def test_numbers_at_work_are_counted_by_how_they_are_known() -> None:
    whole, measured, published, assumed, given = counts_at_work()
    assert whole == measured + published + assumed + given
    assert given == 0
    assert "rests mostly on assumed numbers" in explain(Scenario(name="x"))


def test_what_is_off_does_not_count_and_what_the_scenario_sets_counts_apart() -> None:
    whole, measured, _, assumed, _ = counts_at_work()
    off = counts_at_work("dilution.rates=false")
    assert (off[0], off[1], off[3]) == (whole - 4, measured - 3, assumed - 1)
    own = counts_at_work("platform.targeting=7")
    assert (own[0], own[3], own[4]) == (whole, assumed - 1, 1)
