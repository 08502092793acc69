"""The figures of the tutorial, from the answer that is shipped with the app: `python -m tests.tutorial`.

The tutorial asks what the first page asks, so both rest on the same runs. To be run after `make_ready`.
"""

from sim import storage
from sim.app.jobs import store
from sim.app.jobs.request import FIRST
from sim.language.numbers import amount, span
from sim.language.vocabulary import METRIC_KINDS
from tests.blocks import ROOT

PAGE = ROOT / "docs" / "tutorial" / "first-comparison.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
METRIC = "profit"


def figures() -> str:
    """The table and the verdict, in Markdown."""
    answer = store.found(FIRST)
    assert answer is not None, "the scenario changed: python -m sim.app.make_ready"
    found, kind = answer["comparisons"][METRIC], METRIC_KINDS[METRIC]
    lines = ["| structure | mean profit (CNY) | 95 % interval | difference to the best | first share |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for row in sorted(found["variants"], key=lambda v: -v["mean"]):
        gap = span(row["difference_low"], row["difference_high"], kind, "en", signed=True)
        lines.append(
            f"| `{row['name']}` | {amount(row['mean'], kind, 'en')} "
            f"| {span(row['low'], row['high'], kind, 'en')} | {gap if row['difference'] else 'best'} "
            f"| {row['first_share']:.0%} |"
        )
    return "\n".join([*lines, "", f"> {found['verdict']['text_en']}"]) + "\n"


def main() -> None:
    """Writes them into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    storage.write_text(PAGE, f"{before}{BEGIN}{figures()}{END}{after}")


if __name__ == "__main__":
    main()
