import numpy as np

from sim.analysis.estimate import estimates, settled
from sim.analysis.wording import sentence
from sim.app.jobs.request import FIRST, plan_of
from sim.app.jobs.variants import STRUCTURES, built, laid_out
from sim.app.ui.names import HUES, sentence_name, structure_name, variant_hues, variant_name
from sim.charts.theme import PALETTES
from sim.language.words import Words
from sim.scenario.structures import is_structure, kind_of, used


def test_each_structure_is_tried_with_each_layout_and_one_account_stands_once_without_links() -> None:
    variants = built(("one", "1+3", "race:8"), ("star", "mesh"))
    assert [variant.name for variant in variants] == [
        "one", "1+3 · star", "1+3 · mesh", "race:8 · star", "race:8 · mesh",
    ]  # fmt: skip
    assert [variant.structure for variant in variants] == ["one", "1+3", "1+3", "race:8", "race:8"]
    plan = plan_of("classroom")
    assert variants[0].of(plan).links.layout == "none"
    assert variants[2].of(plan).links.layout == "mesh"


def test_structures_without_layouts_keep_the_scenarios_own_links() -> None:
    plan = plan_of("classroom")
    for variant in built(tuple(name for name in STRUCTURES if name != "one")):
        assert variant.of(plan).links == plan.links


def test_a_structure_says_how_many_accounts_publish() -> None:
    plan = plan_of("beauty_matrix")
    made = {variant.name: variant.of(plan) for variant in built(STRUCTURES)}
    assert {name: len(used(scenario)) for name, scenario in made.items()} == {
        "written": 9, "one": 1, "1+3": 4, "1+8": 9, "split:8": 9, "same:8": 9, "race:8": 9,
    }  # fmt: skip
    assert [kind_of(made[name]) for name in ("split:8", "race:8")] == ["split", "race"]


def test_what_an_address_says_is_a_structure_or_is_not() -> None:
    assert all(map(is_structure, (*STRUCTURES, "1+20", "race:3")))
    assert not any(map(is_structure, ("", "star", "1+", "race:99999", "<b>")))


def test_names_are_in_the_readers_language() -> None:
    one, both = built(("one",))[0], built(("1+3",), ("star",))[0]
    zh, en = Words("zh"), Words("en")
    assert (variant_name(zh, one), variant_name(en, one)) == ("全部发在主号", "One account")
    assert (variant_name(zh, both), variant_name(en, both)) == ("1+3 矩阵 · 星形", "1+3 · Star")
    assert (sentence_name(zh, both), sentence_name(en, one)) == ("1+3 矩阵 · 星形", "one account")
    assert structure_name(en, "race:8") == "Race of 8"


def test_a_structure_keeps_its_colour_whoever_it_is_compared_with() -> None:
    few, all_ = variant_hues(built(("one", "race:8"))), variant_hues(built(STRUCTURES))
    assert few == {name: all_[name] for name in few}
    assert len(set(all_.values())) == len(STRUCTURES)
    layouts = laid_out(("none", "mesh"))
    assert variant_hues(layouts)["mesh"] == variant_hues(laid_out(("star", "mesh")))["mesh"]


def test_no_variant_has_the_colour_of_what_is_behind() -> None:
    assert not {palette.behind for palette in PALETTES.values()} & set(HUES)


def test_the_first_view_compares_numbers_of_accounts() -> None:
    assert all(variant.structure for variant in FIRST.variants)
    assert "one" in {variant.name for variant in FIRST.variants}


def test_a_structures_name_in_a_sentence_is_not_quoted_for_its_colon() -> None:
    values = np.array([[9.0, 10.0, 11.0, 10.0], [1.0, 2.0, 1.0, 2.0]])
    said = sentence(settled(values), estimates(values), ["race:8", "a: b"], "follows", "en")
    assert "race:8" in said
    assert '"race:8"' not in said
    assert '"a: b"' in said
