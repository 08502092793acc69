"""What goes wrong is said in the reader's language: every error is a sentence of the catalogue."""

import ast
import pickle
import re
from collections.abc import Iterator

import pytest

from sim import cli, errors, plugins
from sim.errors import DamagedError, MatrixsimError, Phrase, ScenarioError, UsageError
from sim.language.words import Words
from sim.make_words import ERRORS, PACKAGE, translated

ENGLISH = re.compile(r"(?<![-a-z])[a-z]{2,} ")
"""A word, which no option is."""
HAN = re.compile("[\u4e00-\u9fff]")
OURS = sorted(PACKAGE.rglob("*.py"))
WITHOUT_WORDS = {"{where}: {key}", "{where}: {error}", "{one}; {other}", "--keys: {error}",
                 "--structures: {error}", "--timing: {error}", "{number:g} × {times:.10g}",
                 "{number:g} per cent"}  # fmt: skip


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in OURS:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {*ERRORS, "DamagedError"}:
                yield f"{file.relative_to(PACKAGE).as_posix()}:{node.lineno}", node


def kinds(kind: type) -> Iterator[str]:
    yield kind.__name__
    for below in kind.__subclasses__():
        yield from kinds(below)


def own(node: ast.Call) -> list[ast.expr]:
    """What a message is made of besides its facts; a damaged file's name is one."""
    return node.args[1:] if getattr(node.func, "id", "") == "DamagedError" else node.args


def test_every_kind_of_error_is_read_for_the_catalogue():
    spoken = {name for name in kinds(MatrixsimError) if hasattr(errors, name) or hasattr(plugins, name)}
    assert spoken - {"MatrixsimError", "ScenarioError", "DamagedError"} == {*ERRORS} - {"Phrase"}


def test_no_error_is_put_together_in_english():
    mixed = [
        place
        for place, node in calls()
        for part in (*own(node), *(row.value for row in node.keywords))
        for text in ast.walk(part)
        if isinstance(text, ast.JoinedStr)
        and any(isinstance(piece, ast.Constant) and ENGLISH.search(piece.value) for piece in text.values)
    ]
    assert mixed == []
    loose = [
        place
        for place, node in calls()
        if not place.startswith("errors.py")
        for part in own(node)
        if isinstance(part, ast.JoinedStr | ast.BinOp)
        or (isinstance(part, ast.Constant) and getattr(node.func, "id", "") == "DamagedError")
    ]
    assert loose == []


def test_every_error_has_a_chinese_sentence_with_the_same_facts():
    catalogue, lacking = translated(), set()
    for _, node in calls():
        if not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value):
            continue
        text = node.args[0].value
        entry = catalogue.get(text)
        if entry is None or not (HAN.search(str(entry.string)) or text in WITHOUT_WORDS):
            lacking.add(text)
        named = {row.arg for row in node.keywords}
        assert named >= set(re.findall(r"(?<!\{)\{(\w+)", text)) or named <= {None}, text
    assert lacking == set()


ASKED = [
    ("run classroom --engine agents --cluster tcp://127.0.0.1:1", "暂不能与 --cluster 同用"),
    ("compare classroom --layouts stra", "没有这种布局；可填：none, single, star"),
    ("compare classroom --structures 1+x", "--structures：没有“1+x”这种账号结构"),
    ("compare classroom --layouts star --seeds many", "须为 2 到 100,000 的整数，或 auto"),
    ("optimise classroom --budget 1", "一位达人也约不到"),
    ("report nowhere_to_be_found", "没有这个文件夹"),
    ("query nowhere_to_be_found SELECT", "nowhere_to_be_found：没有批量实验"),
    ("budget classroom --budgets 5", "画曲线至少要两个预算"),
    ("sensitivity classroom --method sobol --points 33", "须为 2 的整数次幂"),
    ("accounts classroom --only main", "--only 须与 --review 同用"),
    ("sweep nowhere_to_be_found.toml", "无法读取：没有这个文件或文件夹"),
]


@pytest.mark.parametrize(("command", "said"), ASKED, ids=[command for command, _ in ASKED])
def test_a_refusal_is_told_in_the_language_asked_for(command, said, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(variable, "zh_CN.UTF-8")
    with pytest.raises(SystemExit) as end:
        cli.main(command.split())
    told = capsys.readouterr().err.strip()
    assert end.value.code == 2
    assert said in told
    assert not re.search(r"allowed|needs|unknown|did you mean|is no\b", told)


def test_facts_that_are_phrases_and_errors_are_told_in_the_same_language():
    inner = UsageError("structure {text!r} is unknown; allowed: {forms}", text="1+x", forms="one, 1+N")
    error = UsageError("--structures: {error}", error=inner)
    assert str(error) == "--structures: structure '1+x' is unknown; allowed: one, 1+N"
    assert error.said(Words("en")) == str(error)
    assert error.said(Words("zh")) == "--structures：没有“1+x”这种账号结构；可填：one, 1+N"
    damaged = DamagedError(
        "a.json", Phrase("it is no JSON"), Phrase("delete {folder}, or name another folder", folder="a")
    )
    assert str(damaged) == "a.json: is damaged (it is no JSON); delete a, or name another folder"
    assert damaged.said(Words("zh")) == "a.json：文件已损坏（不是 JSON）；请删除 a，或换一个文件夹"
    assert ScenarioError([]).said(Words("zh")) == ""


def test_facts_survive_the_way_between_processes():
    for error in (
        UsageError("{key} is listed twice", key="a{b}"),
        UsageError("query: {why}", why=Phrase("no rows")),
        DamagedError("a", Phrase("it is no JSON"), Phrase("no rows")),
    ):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
        assert (str(again), again.said(Words("zh"))) == (str(error), error.said(Words("zh")))


def test_braces_of_a_text_without_facts_are_its_own():
    assert str(MatrixsimError("a {b}")) == MatrixsimError("a {b}").said(Words("zh")) == "a {b}"
