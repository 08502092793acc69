"""What enforcement found and took, as a run's report tells it."""

from typing import Any

import pytest

from sim.report.parts import Table
from sim.report.risk import found_out, of_run
from sim.report.text import Say

pytestmark = pytest.mark.system("X6")


def summary(relation: float = 0.0, violations: int = 0, capped: int = 0) -> dict[str, Any]:
    return {
        "violations": violations,
        "health": {"main": 100.0, "sub": 80.0},
        "violations_expected": {"relation": relation, "similarity": 0.0, "synchrony": 0.0},
        "relations_expected": {"follow": relation, "like": 0.0, "mention": 0.0, "comment": 0.0},
        "riskiest_posts": [],
        "impressions_withheld": 1234,
        "posts_capped": capped,
    }


def listed(content: dict[str, Any]) -> list[str]:
    (table,) = (block for block in of_run(content, Say("en")) if isinstance(block, Table))
    return [row[0].text for row in table.rows]


def test_what_gives_nothing_away_is_left_out_unless_nothing_does() -> None:
    assert listed(summary(relation=2.0)) == ["Links between sisters", "Links: follow"]
    assert listed(summary()) == ["Links between sisters", "Same content", "Posts in the same hour"]


def test_what_was_found_is_one_sentence_of_all_launches() -> None:
    one = summary(relation=0.5, violations=1, capped=1)
    assert found_out([one], Say("en")) == (
        "Enforcement: 1 violation (0.5 to be expected), health at the end 90 of 100 (lowest 80); limited "
        "accounts' videos missed about 1,234 impressions, 1 post shown to nobody."
    )
    both = found_out([one, summary(relation=1.5, violations=4, capped=2)], Say("en"))
    assert "Enforcement: 2.50 violations (1 to be expected)" in both
    assert found_out([one], Say("zh")) == (
        "矩阵治理：发现 1 次违规（预期 0.5 次），期末健康分 90（满分 100，最低 80）；"
        "被限流账号的视频约少得 1,234 次曝光，1 条作品完全没有曝光。"
    )
    assert found_out([{"reach": 3}], Say("en")) == ""
