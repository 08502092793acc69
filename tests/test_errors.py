import pickle

import pytest

from sim.errors import MatrixsimError, Problem, RunError, ScenarioError, UsageError


def test_a_problem_names_file_line_key_value_what_is_allowed_and_the_nearest() -> None:
    problem = Problem("a.toml", 7, "links.layout", '"stra"', "is unknown", "none, star", "star")
    expected = 'a.toml:7: links.layout = "stra": is unknown; allowed: none, star; did you mean star?'
    assert str(problem) == expected


def test_a_problem_stays_on_one_line_whatever_it_quotes() -> None:
    hostile = "a\nb\x1b[2J\u202e\ud800" * 300
    text = str(Problem(hostile, 1, hostile, hostile, hostile, hostile, hostile))
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    assert len(text) < 5000


def test_every_problem_has_its_line_and_the_rest_are_counted() -> None:
    problems = [Problem("a.toml", line, "k", None, "is wrong") for line in range(1, 31)]
    lines = str(ScenarioError(problems)).splitlines()
    assert lines[19] == "a.toml:20: k: is wrong"
    assert lines[20:] == ["a.toml: and 10 more problems"]


def test_an_error_survives_the_way_between_processes() -> None:
    error = ScenarioError([Problem("a.toml", 1, "k", "1", "is wrong")])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  our own bytes


def test_problems_without_a_file_get_one() -> None:
    error = ScenarioError(
        [Problem("", None, "k", None, "is wrong"), Problem("b", None, "k", None, "is wrong")]
    )
    assert str(error.named("a")) == "a: k: is wrong\nb: k: is wrong"


@pytest.mark.parametrize(
    ("kind", "status"), [(ScenarioError, 2), (UsageError, 2), (RunError, 1), (MatrixsimError, 1)]
)
def test_wrong_input_is_status_2_and_failed_work_status_1(kind: type[MatrixsimError], status: int) -> None:
    assert kind.status == status
