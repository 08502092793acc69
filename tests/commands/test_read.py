"""`matrixsim read`: a short table, or JSON, a row cell by cell, or the rows left out; nothing is changed."""

import json
from pathlib import Path

import pytest

from sim.cli import main
from tests.command_line import here

EXPORT = (
    "作品名称,发布时间,播放量,完播率,点赞量,备注\n"
    "早春妆,2026-03-15 10:38,1.2万,35.6,340,x\n"
    "通勤,2026-03-14 09:08,800,--,abc,\n"
    "合计,,12800,,340,\n"
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "作品列表.csv"
    path.write_text(EXPORT, encoding="gb18030")
    return path


def run(*words: str | Path) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(["read", *map(str, words)])
    return stop.value.code


def test_a_short_table_tells_what_was_understood(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(export, "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "videos" in out
    assert "Douyin" in out
    assert "gb18030" in out
    assert "2026-03-14 … 2026-03-15" in out
    assert "播放量 → plays" in out
    assert "left aside: 备注" in out
    assert "column 完播率: in per cent, since some numbers are above 1" in out
    assert "column 点赞量: 1 unreadable, which stay unknown; row 3, 'abc': no number" in out
    assert "skipped row 4: a row of totals" in out
    assert "--account" in out


def test_a_header_that_no_file_has_is_refused_with_the_nearest(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("title", "-"):
        assert run(export, "--column", f"作品名={name}", "--lang", "en") == 2
        assert "no file has such a header" in (said := capsys.readouterr().err)
        assert "did you mean 作品名称?" in said
    assert run(export, "--column", "备注=-", "--lang", "en") == 0


def test_json_is_the_contract_and_all_there_is(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = export.read_bytes()
    assert run(export, "--json") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    [file] = json.loads(captured.out)["files"]
    assert (file["path"], file["kind"], file["encoding"]) == (str(export), "videos", "gb18030")
    assert (file["rows"], file["kept"]) == (3, 2)
    assert file["skipped"] == [{"row": 4, "reason": "a row of totals"}]
    assert file["columns"]["播放量"] == "plays"
    assert export.read_bytes() == before
    assert [path.name for path in export.parent.iterdir()] == [export.name]


def test_a_row_tells_text_value_and_rule_of_each_cell(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(export, "--row", "2", "--lang", "zh") == 0
    out = capsys.readouterr().out
    [plays] = [line.split() for line in out.splitlines() if line.startswith("播放量")]
    assert plays == ["播放量", "plays", "1.2万", "12000", "1.2", "×", "10000"]
    assert run(export, "--row", "3", "--lang", "zh") == 0
    assert "无法读取：不是数字" in capsys.readouterr().out
    assert run(export, "--row", "99", "--lang", "zh") == 2
    assert "没有文件有这一行" in capsys.readouterr().err


def test_rows_left_out_are_listed(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(export, "--skipped", "--lang", "en") == 0
    assert capsys.readouterr().out.splitlines() == [
        "作品列表.csv: 1 of 3 rows skipped",
        "  row 4: a row of totals",
    ]


def test_what_cannot_be_understood_is_refused_with_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    path.write_text("what,cost in yuan\nrent,5\n", encoding="utf-8")
    for words in (
        [str(path)],
        [str(tmp_path / "none.csv")],
        [str(tmp_path)],
        [str(path), "--column", "cost"],
    ):
        done = here("read", *words)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    assert "allowed: exports of videos" in here("read", str(path)).stderr
    assert "允许：抖音" in here("read", str(path), "--lang", "zh").stderr


def test_a_header_is_what_one_says_it_is(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(export, "--column", "备注=genre", "--column", "点赞量=-", "--json") == 0
    [file] = json.loads(capsys.readouterr().out)["files"]
    assert file["columns"]["备注"] == "genre"
    assert file["ignored"] == ["点赞量"]


def test_many_rows_of_one_reason_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{k % 50},{k}\n" for k in range(500))
    path.write_text(f"video_id,views\n{rows}", encoding="utf-8")
    assert run(path, "--lang", "en") == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  skipped")]
    assert line.startswith("  skipped 450 rows, the first is row 52: the same video as row 2, counted once")
