"""`matrixsim forecast` and `luck`, as their users meet them."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.command_line import here
from tests.forecast.exports import posts, sources, videos

SMALL = ("--hours", "24", "--users", "2000", "--seeds", "2", "--workers", "1")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    done = here("forecast", "classroom", "--out", str(file), "--from", "2026-11-01", "--lang", "en", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "Seal" in done.stdout
    assert "too few for 90 % intervals" in done.stdout
    return file


def as_exported(table: pl.DataFrame) -> pl.DataFrame:
    """A table as an export has it: the columns that hold anything."""
    return table.select(column.name for column in table if column.null_count() < table.height)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "videos.csv"
    rows = [*posts("school", [10, 20]), *posts("band", [30, 40])]
    as_exported(videos(rows)).write_csv(file)
    return file


def test_a_forecast_is_scored_once_for_the_same_export(ledger: Path, export: Path, tmp_path: Path) -> None:
    told = sources([("school", None, "推荐", 0.9), ("school", None, "关注", 0.1)])
    as_exported(told).write_csv(where := tmp_path / "sources.csv")
    out = tmp_path / "out"
    first = here("forecast", "score", str(ledger), str(export), str(where), "--out", str(out))
    assert {file.name for file in out.iterdir()} == {"scores.json", "sources.html"}
    assert "Following" in (out / "sources.html").read_text("utf-8")
    assert first.returncode == 0, first.stderr
    assert "4 videos scored" in first.stdout
    again = here("forecast", "score", str(ledger), str(export), str(where), "--json")
    assert json.loads(again.stdout)[0]["videos"]["scored"] == 4
    assert len(ledger.read_text("utf-8").splitlines()) == 2
    for words in ((), ("--same", "school=band")):  # without its sources, and with another account
        for _ in range(2):
            here("forecast", "score", str(ledger), str(export), *words)
    assert len(ledger.read_text("utf-8").splitlines()) == 4
    shown = here("forecast", "show", str(ledger), "--lang", "zh")
    assert "写入以后没有一行被改动" in shown.stdout


def test_a_changed_ledger_is_refused_before_any_work_and_left_as_it_is(ledger: Path, tmp_path: Path) -> None:
    other = tmp_path / "changed.jsonl"
    other.write_text(ledger.read_text("utf-8").replace('"hours": 24', '"hours": 25'), "utf-8")
    before = other.read_bytes()
    for words in (("show", str(other)), ("classroom", "--out", str(other), *SMALL)):
        done = here("forecast", *words)
        assert done.returncode == 2
        assert "line 1 was changed" in done.stderr
        assert "Traceback" not in done.stderr
    assert other.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("score", "{ledger}", "{missing}"), "missing.csv"),
        (("score", "{export}", "{export}"), "no ledger of forecasts"),
        (("score", "{ledger}", "{export}", "--same", "a"), "NAME=ID"),
        (
            ("score", "{ledger}", "{export}", "--same", "scool=band"),
            "no account scool; it has band, school; did",
        ),
        (
            ("score", "{ledger}", "{export}", "--same", "school=bend", "--lang", "zh"),
            "没有一份预测涉及账号",
        ),
        (("classroom", "--out", "{export}/x.jsonl", "--lang", "zh", *SMALL), "不是文件夹"),
        (("show", "{export}/x.jsonl", "--lang", "zh"), "不是文件夹"),
        (("classroom", "--out", "x.jsonl", "--from", "1 November"), "YYYY-MM-DD"),
        (("no_such_scenario", "--out", "x.jsonl"), "no_such_scenario"),
    ],
)
def test_wrong_input_is_named(
    ledger: Path,
    export: Path,
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
) -> None:
    places = {"ledger": ledger, "export": export, "missing": tmp_path / "missing.csv"}
    done = here("forecast", *(word.format(**places) for word in words), cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "Errno" not in done.stderr
    assert not (tmp_path / "x.jsonl").exists()


def test_luck_of_an_export_is_told_and_one_account_is_refused(export: Path, tmp_path: Path) -> None:
    done = here("luck", str(export), "--json")
    assert {row["account"] for row in json.loads(done.stdout)["accounts"]} == {"school", "band"}
    assert "Its own part" in here("luck", str(export)).stdout
    alone = tmp_path / "alone.csv"
    as_exported(videos(posts("school", [1, 2]))).write_csv(alone)
    done = here("luck", str(alone))
    assert done.returncode == 2
    assert "no peers" in done.stderr


def test_exports_of_a_creator_centre_are_read_and_called_by_their_file(tmp_path: Path) -> None:
    files = []
    for name, level in (("主号", 3_000), ("副号", 90)):
        file = tmp_path / f"{name}.csv"
        rows = "".join(
            f"作品{k},2026-11-{k + 1:02} 10:00:00,{level * (k % 5 + 1)},{20 + k}%,{k}\n" for k in range(20)
        )
        file.write_text("作品名称,发布时间,播放量,完播率,点赞量\n" + rows, "utf-8-sig")
        files.append(str(file))
    done = here("luck", *files, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [row["account"] for row in found["accounts"]] == ["副号", "主号"]
    assert found["accounts"][0]["below"] > 0.9
    assert "finish_rate" in found["taken_out"]


@pytest.mark.parametrize(
    ("words", "then"),
    [
        (("luck",), "school"),
        (("forecast", "score", "{ledger}"), "2 videos scored"),
        (("calibrate", "classroom"), "2 videos with plays: too few"),
    ],
)
def test_every_command_that_reads_exports_is_told_how_they_are_to_be_read(
    ledger: Path, tmp_path: Path, words: tuple[str, ...], then: str
) -> None:
    school, band = tmp_path / "a.csv", tmp_path / "b.csv"
    for file, views in ((school, "1,5"), (band, "1,7")):
        file.write_text(f"标题\t发布时间\t看过\n早春妆\t01/11/2026 10:00\t{views}K\n", "utf-16")
    asked = (*(word.format(ledger=ledger) for word in words), str(school), str(band))
    told = ("--column", "看过=plays", "--account", "school", "--account", "band", "--decimal", "comma")
    done = here(*asked, *told)
    assert (done.returncode, "--dates" in done.stderr) == (2, True), done.stderr
    done = here(*asked, *told, "--dates", "dmy", "--encoding", "utf-16")
    assert then in done.stdout + done.stderr


def test_a_first_day_that_no_calendar_of_exports_has_is_refused_before_any_work(tmp_path: Path) -> None:
    out = tmp_path / "ledger.jsonl"
    done = here("forecast", "classroom", "--out", str(out), "--from", "9999-12-31", *SMALL)
    assert (done.returncode, out.exists()) == (2, False)
    assert "outside of the years 1990 to 2099" in done.stderr
