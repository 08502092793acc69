"""`matrixsim optimise`: the best layout and creator mix under a budget, and how honest that is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim import vocabulary
from sim.commands.booking import Creators, bounded, with_creators
from sim.commands.options import (
    Hours,
    Json,
    Language,
    ScenarioFile,
    Seed,
    Settings,
    Users,
    Workers,
    check_size,
    opened,
    spoken,
    wanted_layouts,
)
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import grouped, interval, print_json, print_table, print_warnings
from sim.vocabulary import MetricName

if TYPE_CHECKING:
    from sim.analysis.price_list import PriceList
    from sim.sweeps.optimise import Optimum, Scored
    from sim.sweeps.scorer import Mix

WORDS = {
    "en": {
        "head": (
            "mix",
            "layout",
            "creators",
            "cost",
            "mean {metric}",
            "interval",
            "lowest tenth",
            "difference to best",
        ),
        "best": "best",
        "honest": "On {fresh} seeds that nothing was chosen on the best gives {mean} ({interval});"
        " on the seeds of the search it gave {optimistic}.",
        "above": "'best' was chosen on the seeds of the search; a higher mean below it is of the fresh seeds,"
        " and to choose by those would flatter it.",
        "worth": "{money} CNY more would add {worth} ({interval}), spent on {mix}.",
        "none": "{money} CNY more buys nobody who would add anything.",
        "trials": "{trials} mixes tried; budget {budget} CNY, of which {cost} is spent.",
        "also": "{name} (also {others})",
        "posting": "{n} ({posting} post)",
        "tie": "It cannot be told apart from: {names}.",
        "names": {},
        "search": "found by search",
        "gain": "Over the plan as written it brings {gain} ({interval}).",
        "kept": "The plan as written is the best: gain 0.",
        "booked": "Whom the best mix books: {names}.",
        "estimate": "* estimated from the tier table or the list: {columns}",
    },
    "zh": {
        "head": ("配比", "布局", "达人数", "花费", "平均{metric}", "置信区间", "最差一成", "与最佳之差"),
        "best": "最佳",
        "honest": "在未参与挑选的 {fresh} 次模拟中，最佳配比得到 {mean}（{interval}）；"
        "搜索时的数字是 {optimistic}。",
        "above": "“最佳”是在搜索所用的种子上选出的；表中平均值更高的行来自未参与挑选的模拟，"
        "若再按这些结果挑选，数字会偏乐观。",
        "worth": "再投入 {money} 元可增加 {worth}（{interval}），用于 {mix}。",
        "none": "再投入 {money} 元也请不到能带来增量的达人。",
        "trials": "共尝试 {trials} 种配比；预算 {budget} 元，花费 {cost} 元。",
        "also": "{name}（也是{others}）",
        "posting": "{n}（{posting} 位发布）",
        "tie": "与以下配比无法区分：{names}。",
        "names": {
            "equal split": "各层平分",
            "cheapest only": "只选最便宜",
            "most fans first": "粉丝多者优先",
            "published 1:1:3:46:100:150": "公开配比 1:1:3:46:100:150",
            "random": "随机",
            "as written": "现有方案",
        },
        "gain": "与现有方案相比，增量为 {gain}（{interval}）。",
        "kept": "现有方案即为最佳：增量 0。",
        "booked": "最佳配比选用的达人：{names}。",
        "estimate": "* 为估计值（按层级表或同一清单推算）：{columns}",
        "search": "搜索所得",
    },
}


def optimise(
    scenario: ScenarioFile,
    budget: Annotated[
        float, typer.Option("--budget", metavar="N", min=1, max=1e12, help="CNY for creators.")
    ],
    objective: Annotated[MetricName, typer.Option("--objective", help="What counts.")] = "reach",
    layouts: Annotated[
        str | None, typer.Option("--layouts", metavar="A,B,…", help="Layouts to choose from.")
    ] = None,
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=1, max=100_000, help="Mixes at most.")
    ] = 60,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="K", min=2, help="Replications in the search.")
    ] = 6,
    fresh: Annotated[
        int, typer.Option("--fresh", metavar="K", min=2, help="Replications of the check.")
    ] = 16,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="TIER=N", help="At least so many of a tier; repeatable."),
    ] = None,
    most: Annotated[
        list[str] | None,
        typer.Option("--max", metavar="TIER=N", help="At most so many of a tier; repeatable."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="ID", help="A creator who is in every mix; repeatable."),
    ] = None,
    creators: Creators = None,
    workers: Workers = None,
    seed: Seed = None,
    users: Users = None,
    hours: Hours = None,
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keeps the study, so that it can go on.")
    ] = None,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """Find the layout and creator mix with the best result under a budget, and check it on fresh seeds."""
    plan = opened(scenario, settings, users=users, hours=hours, seed=seed)
    names = wanted_layouts(layouts)
    plan, told = with_creators(plan, creators, spoken(language))
    plan, fewest, largest = bounded(plan, least, most, keep, budget)
    check_size(plan, alone=False, workers=workers)
    compiled_ahead()
    from sim.sweeps.optimise import STUDY
    from sim.sweeps.optimise import optimise as search
    from sim.sweeps.optimum import as_dict, best_plan

    def kept() -> str:
        if out is None:
            return "nothing is kept; with --out DIR the study would go on"
        if not (out / STUDY).is_file():
            return f"no mix was tried yet, so {out} keeps nothing"
        return f"the study in {out} keeps the mixes tried: the same command goes on"

    with saying_what_is_kept(kept), progress_bar(f"{objective}, {budget:,.0f} CNY", quiet=as_json) as tick:
        found = search(
            plan, budget, metric=objective, layouts=names, trials=trials, seeds=seeds, fresh=fresh,
            least=fewest, most=largest, out=out, workers=workers, progress=tick,
        )  # fmt: skip
    content = as_dict(found) | ({"list": told.as_dict()} if told else {})
    if out is not None:
        from sim import storage

        storage.write_json(out / "optimum.json", content)
        storage.write_text(out / "best.toml", best_plan(plan, found).to_toml())
    if as_json:
        print_json(content)
    else:
        _print(found, fresh, spoken(language))
        _print_names(found, told, spoken(language))


def _print(found: "Optimum", fresh: int, language: vocabulary.Language) -> None:
    from sim.analysis.named import layout_name
    from sim.analysis.wording import PHRASES
    from sim.sweeps.optimise import FOUND, NEXT_CNY, WRITTEN

    words = WORDS[language]
    called, between = words["names"], ", " if language == "en" else "、"
    assert isinstance(called, dict)

    several = len({row.mix.layout for row in (found.best, *found.others)}) > 1

    def name(row: "Scored") -> str:
        if row.name == FOUND:
            return str(words["search"])
        own, *others = (str(called.get(known, known)) for known in (row.name, *row.also))
        return str(words["also"]).format(name=own, others=between.join(others)) if others else own

    def creators(row: "Scored") -> str:
        if row.posting == sum(row.mix.counts):
            return _ratio(row.mix)
        return str(words["posting"]).format(n=_ratio(row.mix), posting=f"{row.posting:,}")

    rows = []
    for k, row in enumerate((found.best, *found.others)):
        gap = f"{grouped(row.difference)} ({interval(row.difference_low, row.difference_high, language)})"
        rows.append(
            [
                f"{words['best']}: {name(row)}" if k == 0 else name(row),
                layout_name(row.mix.layout, language), creators(row), grouped(row.cost_cny),
                grouped(row.mean), interval(row.low, row.high, language), grouped(row.tail),
                "" if k == 0 else gap,
            ]
        )  # fmt: skip
    label = PHRASES[language][found.metric].label
    print_table([title.format(metric=label) for title in words["head"]], rows)

    def say(key: str, **values: object) -> None:
        typer.echo(str(words[key]).format(**values))

    best = found.best
    say("trials", trials=found.trials, budget=grouped(found.budget_cny), cost=grouped(best.cost_cny))
    say(
        "honest", fresh=fresh, mean=grouped(best.mean), interval=interval(best.low, best.high, language),
        optimistic=grouped(found.optimistic),
    )  # fmt: skip
    if any(row.mean > best.mean for row in found.others):
        say("above")
    if found.gain is not None and best.name == WRITTEN:
        say("kept")
    elif found.gain is not None:
        say(
            "gain", gain=grouped(found.gain), interval=interval(found.gain_low, found.gain_high, language)
        )  # fmt: skip
    print_warnings(found.warnings, language)
    tied = [row for row in found.others if row.difference_high is None or row.difference_high >= 0]
    if tied:
        told = (
            f"{layout_name(row.mix.layout, language)} · {name(row)}" if several else name(row) for row in tied
        )
        say("tie", names=between.join(dict.fromkeys(told)))
    if found.next_mix == best.mix:
        say("none", money=grouped(NEXT_CNY))
        return
    say(
        "worth", money=grouped(NEXT_CNY), worth=grouped(found.next_worth),
        interval=interval(found.next_worth_low, found.next_worth_high, language), mix=_ratio(found.next_mix),
    )  # fmt: skip


def _print_names(found: "Optimum", told: "PriceList | None", language: vocabulary.Language) -> None:
    """Whom the best mix books, of a price list, and who is known by estimates only."""
    words, between = WORDS[language], ", " if language == "en" else "、"
    if found.best.names:
        guessed = told.estimated if told else {}
        marked = (f"{name}*" if name in guessed else name for name in found.best.names)
        typer.echo(str(words["booked"]).format(names=between.join(marked)))
        columns = {column for name in found.best.names for column in guessed.get(name, ())}
        if columns:
            typer.echo(str(words["estimate"]).format(columns=between.join(sorted(columns))))


def _ratio(mix: "Mix") -> str:
    return ":".join(str(n) for n in mix.counts)
