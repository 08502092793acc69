"""Money of a comparison in its report: read back, refused where it is broken."""

import json

import pytest

from sim.errors import UsageError
from sim.experiment.compare import compare
from sim.report.comparison import comparison_report
from sim.report.folder import opened
from sim.report.page import html
from sim.scenario.schema import Scenario

PLAN = Scenario(name="plan").with_values({"audience.users": 3_000, "run.hours": 12, "brand.gpm_cny": 0.0})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A comparison on disk."""
    found = tmp_path_factory.mktemp("money") / "c"
    compare(PLAN, layouts=["none", "star"], seeds=2).write(found)
    return found


@pytest.mark.parametrize(("language", "said"), [("en", "What would make it pay"), ("zh", "回本条件")])
def test_the_report_says_what_would_make_each_variant_pay(folder, language, said):
    assert said in html(comparison_report(opened(folder), language))


@pytest.mark.parametrize(
    ("key", "value"),
    [("cost_cny", None), ("cpm_cny", "many"), ("break_even", []), ("break_even", {"gpm_cny": "x"})],
)
def test_money_that_is_no_number_is_refused(folder, tmp_path, key, value):
    broken = tmp_path / "c"
    broken.mkdir()
    for file in folder.iterdir():
        (broken / file.name).write_bytes(file.read_bytes())
    told = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    told["variants"][0][key] = value
    (broken / "comparison.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(UsageError, match="is no number"):
        opened(broken)


def test_a_comparison_of_an_earlier_version_has_a_report_without_it(folder):
    files = opened(folder)
    for variant in files.comparison["variants"]:
        del variant["break_even"]
    assert "What would make it pay" not in html(comparison_report(files, "en"))
