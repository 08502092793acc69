"""The page: every fact, the missed ones first, in both languages."""

import json
import re
from collections.abc import Mapping

import pytest

from sim.language.words import Language
from sim.validity.facts import facts
from sim.validity.page import as_rows, counted, in_order, rejecting, written
from sim.validity.study import Study, invented_controls
from sim.validity.verdicts import Finding, Verdict
from sim.validity.worlds import Size

MODELS = ("pools", "score")
MISSED, OPEN, NOTHING = facts()[-1].id, facts()[-2].id, facts()[-3].id


def cells(last: Verdict) -> Mapping[tuple[str, str], Finding | None]:
    found: dict[tuple[str, str], Finding | None] = {
        (row.id, model): Finding(0.5, 0.4, 0.6, "met", 3) for row in facts() for model in MODELS
    }
    found[MISSED, "score"] = Finding(-9.0, -9.5, -8.5, last, 3)
    found[OPEN, "pools"] = Finding(0.5, 0.1, 0.9, "cannot tell", 3)
    found[NOTHING, "pools"] = None
    return found


STUDY = Study(Size(3, 60, 600_000, 25), MODELS, cells("missed"), invented_controls(2))


def first_table(page: str) -> list[str]:
    """Rows of the table of facts."""
    facts_part = page.split("\n## ", maxsplit=1)[0]
    tables = [part for part in facts_part.split("\n\n") if part.startswith("|")]
    return tables[1].splitlines()[2:]


def test_missed_facts_come_first_then_those_left_open():
    order = [row.id for row in in_order(STUDY.plain, MODELS, facts())]
    assert order[:3] == [MISSED, NOTHING, OPEN]
    assert order[3:] == [row.id for row in facts()[:-3]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_fact_is_hidden(language: Language):
    rows = first_table(written(STUDY, "matrixsim validate", language))
    assert len(rows) == len(facts())
    for row in facts():
        assert sum(line.startswith(f"| {row.what[language]}") for line in rows) >= 1


def test_the_page_says_what_it_was_made_by_and_with():
    from sim.sources import rules_version

    page = written(STUDY, "matrixsim validate --quick", "en")
    assert "`matrixsim validate --quick`" in page
    assert f"`{rules_version()}`" in page
    assert "3 seeds" in page
    assert "−9.000 (−9.500 to −8.500), **missed**" in page
    assert "no such videos" in page


def test_a_page_in_chinese_has_no_english_sentence():
    page = written(STUDY, "matrixsim validate", "zh")
    page = re.sub(r"`[^`]*`", "", page)
    assert not re.findall(r"(?:\b[a-z]{2,}\b[ ,.]+){4,}", page)


def test_facts_by_which_a_key_was_set_are_marked():
    rows = first_table(written(STUDY, "x", "en"))
    marked = {line.split("|")[1].strip() for line in rows if "\\*" in line}
    assert marked == {rf"{row.what['en']} \*" for row in facts() if row.is_set}


def test_the_counts_are_those_of_the_table():
    assert counted(STUDY.plain, "pools") == {"missed": 0, "cannot tell": 2, "met": len(facts()) - 2}
    assert counted(STUDY.plain, "score") == {"missed": 1, "cannot tell": 0, "met": len(facts()) - 1}


def test_controls_stand_on_the_page_with_what_rejects_them():
    page = written(STUDY, "x", "en")
    for name, own in STUDY.controls.items():
        assert f"{len(rejecting(name, own))} / {len(own)}" in page, name


def test_a_program_reads_the_same():
    rows = json.loads(json.dumps(as_rows(STUDY, "x"), allow_nan=False))
    assert [row["id"] for row in rows["facts"]] == [row.id for row in facts()]
    assert rows["facts"][-1]["models"]["score"]["verdict"] == "missed"
    assert rows["facts"][-3]["models"]["pools"]["mean"] is None
    assert {row["name"] for row in rows["controls"]} == set(STUDY.controls)


def test_the_page_of_the_docs_has_every_fact_and_control():
    from sim.language.words import Words
    from sim.validity.controls import NAMES
    from tests.blocks import PAGES

    page, words = PAGES["docs/validity.md"], Words("en")
    assert not [row.id for row in facts() if row.what["en"] not in page]
    assert not [name for name, told in NAMES.items() if words(told) not in page]
