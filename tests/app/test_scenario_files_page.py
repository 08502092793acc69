import pytest

from sim.app.ui import choice as chosen
from sim.scenario.schema import Scenario
from tests.app.driving import alive, button, choice, opened
from tests.app.scenarios import body, bring, edit, faults, plan, status, text_of

pytestmark = pytest.mark.usefixtures("jobs")  # it computes nothing


def test_a_scenario_file_is_taken_and_named_in_the_list() -> None:
    app = bring(opened("scenario"), "mine.toml", b'name = "<b>Mine</b>"  # kept\n[audience]\nusers = 5000\n')
    name = app.session_state[chosen.SCENARIO]
    assert text_of(name) == 'name = "<b>Mine</b>"  # kept\n[audience]\nusers = 5000\n'
    assert choice(app, chosen.SCENARIO).options[-1] == "<b>Mine</b>"
    assert app.session_state[chosen.USERS] == 5000
    assert "The file was taken over" in status(app)
    assert button(app, "Undo").disabled
    app = edit(app, "accounts", edited_rows={0: {"id": "<script>alert(1)</script>"}})
    assert "<script>" not in body(app)
    assert "&lt;script&gt;" in body(app)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.toml",
            b'name = "x"\n[run]\nhours = 0\n',
            "a.toml · line 3 · Time · Length, h = 0: is too small.",
        ),
        ("a.toml", b"name = ", "a.toml · line 1: is not valid TOML"),
        ("a.toml", b"\xff\xfe", "is not UTF-8 text"),
        ("a.toml", b"#" * 2_000_001, "is larger than 2,000,000 bytes"),
        ("a.toml", b'name = "x"\n[live]\n', "not yet supported: live rooms"),
        ("a.exe", b"MZ", "is not a TOML, CSV or Excel file"),
        (
            "a.csv",
            b"id,fans\nmain,many\n",
            "a.csv · line 2 · Accounts · row 1 · Fans = many: is not a number.",
        ),
        ("a.csv", b"id,role\nx,sub\n", "exactly one account needs role = &#x27;main&#x27;, found 0."),
        ("<b>.toml", b"", "&lt;b&gt;.toml"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_place(name: str, content: bytes, said: str) -> None:
    app = bring(opened("scenario", scenario="classroom"), name, content)
    assert "The file was not taken over." in faults(app)
    assert said in faults(app)
    assert app.session_state[chosen.SCENARIO] == "classroom"
    again = bring(app, "b.toml", b'name = "y"')
    assert not faults(again)


def test_a_table_of_accounts_takes_the_place_of_the_accounts() -> None:
    table = "账号,角色,粉丝数,内容方向\n旗舰,主账号,120,\n小号,子账号,30,food 1\n".encode("gb18030")
    app = bring(opened("scenario", scenario="classroom", lang="zh"), "accounts.csv", table)
    assert [account.id for account in plan(app).accounts] == ["旗舰", "小号"]
    assert plan(app).accounts[1].topics == {"food": 1.0}
    assert plan(app).run.hours == 96
    assert not button(app, "撤销").disabled


def test_the_scenario_can_be_taken_away_complete() -> None:
    app = opened("scenario", scenario="classroom")
    app = edit(app, "accounts", edited_rows={2: {"fans": 77}})
    assert app.download_button[0].label == "Download as TOML"
    text = text_of(app.session_state[chosen.SCENARIO])
    assert text is not None
    assert Scenario.loads(text) == plan(app)


@pytest.mark.parametrize(
    ("language", "button_", "main"), [("en", "New scenario", "main account"), ("zh", "新建方案", "主账号")]
)
def test_a_new_scenario_begins_in_the_language_of_the_reader(language: str, button_: str, main: str) -> None:
    app = opened("scenario", lang=language)
    app = alive(button(app, button_).click().run())
    assert plan(app).accounts[0].id == main
    assert plan(app).accounts[0].role == "main"
    assert app.data_editor[0].value["id"][0] == main
