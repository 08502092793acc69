import ast
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import sim.scenario
from sim.app.ui import faults
from sim.app.ui.faults import ALLOWED, MESSAGES, told, translated
from sim.app.ui.fields import about, place
from sim.errors import Problem, ScenarioError
from sim.language.words import Words
from sim.scenario import wording
from sim.scenario.key_names import section_name
from sim.scenario.reference import by_key
from sim.scenario.schema import Scenario
from tests.scenario.wrong import wrong

ENGLISH, CHINESE = Words("en"), Words("zh")
HAN = re.compile("[\u4e00-\u9fff]")


def raised() -> list[str]:
    """Every sentence of a ValueError in the schema, with a number in place of what is filled in."""
    found = []
    for file in Path(str(sim.scenario.__path__[0])).glob("*.py"):
        if file.stem in ("parameter", "layouts"):  # these speak to programmers
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[text, *_])):
                    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                    found.append("".join(str(p.value) if isinstance(p, ast.Constant) else "1" for p in parts))
    return found


def test_every_rule_of_the_schema_is_told_in_chinese() -> None:
    sentences = raised()
    assert len(sentences) > 15
    for sentence in sentences:
        message, _, choice = sentence.partition(": ")[2].partition("; allowed: ")
        assert HAN.search(translated(CHINESE, message, MESSAGES)), message
        assert choice in ("", "1", "1 from 0 to 1") or HAN.search(translated(CHINESE, choice, ALLOWED)), (
            choice
        )


def test_every_kind_of_wrong_value_is_told_in_chinese() -> None:
    for kind in (*wording._WRONG, "string_type"):
        for value in (True, 1, 0.5, "text", [1], {}, None):
            message = wording.wrong(kind, value)
            assert HAN.search(translated(CHINESE, message, MESSAGES)), message


def test_what_each_key_allows_is_told_in_chinese() -> None:
    for row in by_key().values():
        told_zh = translated(CHINESE, row.allowed, ALLOWED)
        is_list_of_words = re.fullmatch(r"[a-z_]+(, [a-z_]+)*", row.allowed)
        assert is_list_of_words or HAN.search(told_zh), row.allowed
        assert not re.search(r"\b(a|an|number|list|each|text|from)\b", told_zh), told_zh
        assert translated(ENGLISH, row.allowed, ALLOWED) == row.allowed


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wrong())
def test_whatever_is_wrong_with_a_file_is_told_in_both_languages(raw: bytes) -> None:
    text = raw.decode("utf-8", "replace")
    with pytest.raises(ScenarioError) as error:
        Scenario.loads(text, "my.toml")
    for words in (ENGLISH, CHINESE):
        said = told(words, error.value.problems, ["main", "a", "b"])
        assert said
        assert all(sentence.isprintable() for sentence in said)
    assert all(HAN.search(sentence) for sentence in told(CHINESE, error.value.problems))


def test_a_problem_is_told_with_its_place_its_value_and_the_nearest_spelling() -> None:
    problem = Problem(
        "", None, "accounts.1.role", '"sbu"', "is not one of the words allowed here", "main, sub", "sub"
    )
    (en,), (zh,) = (told(words, [problem], ["main", "a <b>"]) for words in (ENGLISH, CHINESE))
    place_en, _, said = en.partition(": ")
    assert place_en == 'Accounts · row 2 (a <b>) · Role = "sbu"'
    assert said == "is not one of the words allowed here. Allowed: main, sub. Did you mean sub?"
    assert zh == '账号 · 第 2 行（a <b>） · 角色 = "sbu"：不在可选项中。可填：main, sub。是不是想填 sub？'


def test_a_problem_of_a_file_is_told_with_file_and_line() -> None:
    problem = Problem("my.toml", 12, "run.hours", "0", "is too small", "a whole number from 1 to 8,760")
    assert told(ENGLISH, [problem])[0].startswith("my.toml · line 12 · Time · Length, h = 0: is too small.")


def test_only_the_first_problems_are_told_and_the_rest_are_counted() -> None:
    said = told(ENGLISH, [Problem("", None, f"run.k{n}", None, "unknown key") for n in range(50)])
    assert len(said) == faults.MOST_TOLD + 1
    assert said[-1] == "… and 42 more."


def test_a_sentence_that_fits_no_pattern_stays() -> None:
    assert translated(CHINESE, "something {new} %s", MESSAGES) == "something {new} %s"


@pytest.mark.parametrize(
    ("path", "en", "zh"),
    [
        (("accounts", 2, "fans"), "Accounts · row 3 · Fans", "账号 · 第 3 行 · 粉丝数"),
        (("accounts", 0, "topics", "2024"), "Accounts · row 1 (main) · Topics · 2024",
         "账号 · 第 1 行（主号） · 内容方向 · 2024"),
        (("links", "edges", 4), "List of links · row 5", "联动列表 · 第 5 行"),
        (("links", "edges", 4, 2), "List of links · row 5 · Kind of link", "联动列表 · 第 5 行 · 联动方式"),
        (("seeding", "tiers", "waist", "price_cny"), "Creators · Waist · Price of a post, CNY",
         "达人投放 · 腰部达人 · 单条报价（元）"),
        (("seeding", "ratio", 5), "Creators · Amateur · Ratio", "达人投放 · 素人 · 配比"),
        (("platform", "weights", "like"), "Platform · Weight of the like rate", "平台 · 点赞率的权重"),
        (("platform", "pools", 2), "Platform · Impressions that each pool of the ladder grants",
         "平台 · 各级流量池给出的曝光量"),
        (("platform", "pace_h"), "Platform · Delivery of a pool, h", "平台 · 每级流量池投放时长（小时）"),
        (("hooks", "lift", "opening"),
         "Hooks and prompts · Effect of a hook · Completions of a post that opens with a hook",
         "钩子与引导 · 钩子的效果 · 以钩子开头的作品的完播"),
        (("live", "patterns"), "live.patterns", "live.patterns"),
        ((), "", ""),
    ],
)  # fmt: skip
def test_places_are_called_as_on_the_page(path: tuple[str | int, ...], en: str, zh: str) -> None:
    assert place(ENGLISH, path, ["main"]) == en
    assert place(CHINESE, path, ["main"]) == zh


def test_no_two_places_of_a_scenario_are_called_alike_and_none_by_its_dotted_key() -> None:
    keys = [key for key in by_key() if "*" not in key]
    for words in (ENGLISH, CHINESE):
        called = [place(words, tuple(key.split(".")), []) for key in keys]
        assert len(set(called)) == len(called)
        assert not [name for name in called if re.search(r"[a-z]\.[a-z]|[a-z]_[a-z]", name)]


def test_a_topic_that_is_a_number_is_not_taken_for_a_row() -> None:
    problem = Problem("", None, "accounts.0.topics.5", "1", "is too large")
    assert "Topics · 5 =" in told(ENGLISH, [problem])[0]


def test_every_section_has_a_name() -> None:
    for section in {key.partition(".")[0] for key in by_key()}:
        assert section_name(ENGLISH, section) != section
        assert HAN.search(section_name(CHINESE, section))


def test_what_is_known_about_a_key_has_its_default_status_source_and_range() -> None:
    text = about(ENGLISH, "links.unfollow_probability")
    for part in (
        "Share of new follows",
        "Default: 0.13.",
        "Status: measured.",
        "KuaiRand",
        "Plausible: 0.1 to 0.2.",
    ):
        assert part in text
    zh = about(CHINESE, "links.unfollow_probability")
    for part in ("取关", "默认值：0.13", "依据：实测", "合理范围：0.1 到 0.2"):
        assert part in zh
    assert about(ENGLISH, "accounts.*.posts_per_day") == "Videos a day. Default: 1.0 posts/day."


def test_every_key_is_known_in_chinese() -> None:
    for key in by_key():
        assert HAN.search(about(CHINESE, key)), key


def test_bare_chinese_in_a_file_is_told_in_chinese_with_what_to_write() -> None:
    for text, end in (
        ("护肤 = 0.7", '中文名称和文字要加英文引号："护肤" = 0.7'),
        ("name ＝ 1", "请把「＝」改成「=」"),
    ):
        with pytest.raises(ScenarioError) as error:
            Scenario.loads(text, "my.toml")
        [said] = told(CHINESE, error.value.problems)
        assert end in said
