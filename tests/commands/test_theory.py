import json
from typing import Any

import pytest

from sim.cli import main
from sim.commands.theory import closed_forms
from sim.scenario.schema import Scenario


def run(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(["theory", *words])
    return stop.value.code


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert run(*words, "--json") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    found: dict[str, Any] = json.loads(captured.out)
    return found


def test_json_is_all_there_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "classroom", "--top", "3")
    assert [row["account"] for row in found["accounts"]] == ["school", "alumni", "band", "canteen", "team"]
    assert len(found["links"]) == 3
    assert set(found["links"][0]) == {
        "from", "to", "channel", "visits", "main_visits", "follows", "main_follows",
    }  # fmt: skip
    assert found["links"][0]["to"] == "school"  # a star sends visitors to its centre
    assert [row["pool"] for row in found["ladder"]["pools"]] == [1, 2, 3, 4]
    assert found["ladder"]["pools"][0]["reaches"] == 1


def test_accounts_add_up_to_the_flow(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "classroom")
    for key in ("entries", "visits"):
        assert sum(row[key] for row in found["accounts"]) == pytest.approx(found[key], rel=1e-4)
    assert found["multiplier"] == pytest.approx(found["visits"] / found["entries"], rel=1e-4)
    assert 0 < found["spectral_radius"] < 1


@pytest.mark.parametrize(
    ("language", "said", "link"),
    [("en", "visits per entry", "→ school"), ("zh", "每次进入的访问数", "→ 学校")],
)
def test_text_speaks_both_languages(
    language: str, said: str, link: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("classroom", "--lang", language) == 0
    captured = capsys.readouterr()
    assert said in captured.out
    assert link in captured.out
    assert captured.err == ""


def test_without_links_every_visit_ends_where_it_began(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("classroom", "--set", "links.layout=none")
    found = as_json(capsys, *words)
    assert (found["multiplier"], found["spectral_radius"], found["links"]) == (1, 0, [])
    assert run(*words, "--lang", "en") == 0
    assert "No links" in capsys.readouterr().out


def test_single_puts_all_posts_and_entries_on_the_main_account() -> None:
    found = closed_forms(Scenario.load("classroom", ["links.layout=single"]))
    posts = [row["posts"] for row in found["accounts"]]
    assert posts[0] == sum(posts) > 0
    assert [row["entries"] for row in found["accounts"][1:]] == [0, 0, 0, 0]


def test_creators_send_visitors_to_the_main_account() -> None:
    settings = ["seeding.ratio=[0, 0, 0, 0, 1, 2]", "audience.users=5000", "links.layout=none"]
    found = closed_forms(Scenario.load("classroom", settings))
    assert {(row["from"], row["to"]) for row in found["links"]} == {
        ("junior-001", "school"), ("amateur-001", "school"), ("amateur-002", "school"),
    }  # fmt: skip
    assert found["multiplier"] == 1  # what comes over an @ of a caption is an entry


def test_a_video_that_is_shown_only_outside_the_audience_brings_nothing() -> None:
    settings = ["seeding.ratio=[0, 0, 0, 0, 0, 1]", "seeding.window_h=24", "platform.inside_share=0.0"]
    settings += ["seeding.tiers.amateur.audience_fit=0.0"]
    found = closed_forms(Scenario.load("classroom", settings))
    creator = found["accounts"][-1]
    assert (creator["account"], creator["posts"], creator["impressions"]) == ("amateur-001", 1, 0)


def test_more_people_and_hours_bring_more(capsys: pytest.CaptureFixture[str]) -> None:
    short = as_json(capsys, "classroom", "--users", "2000", "--hours", "24")
    long = as_json(capsys, "classroom", "--users", "50000", "--hours", "96")
    assert long["hours"] == 96
    assert long["visits"] > short["visits"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("classroom", "--set", "links.layuot=ring"), "did you mean layout"),
        (("classroom", "--top", "0"), "--top"),
        (("no_such_scenario",), "no_such_scenario"),
        (
            (
                "classroom",
                "--set",
                "links.following_list_probability=1.0",
                "--set",
                "links.liked_list_probability=0.0",
            ),
            "liked_list_probability",
        ),
    ],
)
def test_wrong_input_ends_with_status_2(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--json") == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_reposts_are_said_to_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    reposting = ("classroom", "--set", 'links.channels=["follow", "repost"]')
    assert as_json(capsys, "classroom")["left_out"] == []
    found = as_json(capsys, *reposting)
    assert found["left_out"] == ["repost"]
    assert {row["channel"] for row in found["links"]} == {"follow"}
    for language, said in (("en", "only lists and @ are counted: repost."), ("zh", "未计入账号转发")):
        assert run(*reposting, "--lang", language) == 0
        assert said in capsys.readouterr().out


def test_what_is_bought_and_what_topics_bring_is_said_to_be_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    boost = '[{account = "school", budget_cny = 50.0}]'
    plan = ("classroom", "--set", f"paid.boosts={boost}", "--set", "topics.heat=true")
    assert as_json(capsys, *plan)["left_out"] == ["paid", "topic"]
    for language, said in (("en", "counted: boosts, topic heat."), ("zh", "未计入付费加热、话题热度")):
        assert run(*plan, "--lang", language) == 0
        assert said in capsys.readouterr().out
    assert as_json(capsys, "classroom")["left_out"] == []


def test_what_stands_at_its_mean_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "classroom")["at_mean"] == ["heat", "scatter"]  # its accounts all have fans
    assert as_json(capsys, "classroom", "--set", "platform.account_heat_sd=0")["at_mean"] == ["scatter"]
    drawn = Scenario.load("classroom", ["structure.kind=split", "structure.subs=8"])
    assert closed_forms(drawn)["at_mean"] == ["luck", "heat", "scatter"]
    for language, said in (("en", "The heat of accounts stands at its mean"), ("zh", "账号热度按均值 1 计")):
        assert run("classroom", "--lang", language) == 0
        assert said in capsys.readouterr().out
