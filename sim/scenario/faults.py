"""What went wrong, above all with a scenario, in the reader's language.

Takes problems of sim.errors, whose sentences are English and made of few patterns; gives lines of a terminal.
A sentence that fits no pattern stays English.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from sim.errors import MOST_ALLOWED, MOST_NEAREST, SHOWN_PROBLEMS, MatrixsimError, ScenarioError, printable
from sim.language.words import LANGUAGES, N_, Words
from sim.scenario.key_names import section_name

MESSAGES = (
    N_("is required"),
    N_("unknown key"),
    N_("the name is too short"),
    N_("the name is too long"),
    N_("the name is not valid text"),
    N_("is not one of the words allowed here"),
    N_("is too small"),
    N_("is too large"),
    N_("is not a finite number"),
    N_("is neither 0 (no end) nor 1 or more"),
    N_("is too short"),
    N_("is too long"),
    N_("has the wrong form"),
    N_("is not valid text"),
    N_("has too few entries"),
    N_("has too many entries"),
    N_("is true or false, which is the wrong kind of value"),
    N_("is a whole number, which is the wrong kind of value"),
    N_("is a number with a fraction, which is the wrong kind of value"),
    N_("must be a whole number, written without a point or an exponent"),
    N_("is text, which is the wrong kind of value"),
    N_("is a list, which is the wrong kind of value"),
    N_("is a table, which is the wrong kind of value"),
    N_("is nothing, which is the wrong kind of value"),
    N_("is a date or time, which is the wrong kind of value"),
    N_("not yet supported: {what}"),
    N_("unknown section, and no plug-in of this name is installed"),
    N_("is no longer a key; write {own} (brand accounts) and {creators} (creators)"),
    N_("is no longer a key; write {instead}"),
    N_("has more levels than any key"),
    N_("has no entry {entry}"),
    N_("{key} is a single value, it has no keys"),
    N_("the shares must sum to 1 (±0.01), they sum to {total}"),
    N_("the shares must sum to 1 (±0.01)"),
    N_("a creator needs a tier, and only a creator has one"),
    N_("only layout = 'custom' may list edges"),
    N_("with following_list_probability it passes {most}, and visitors would hardly ever leave"),
    N_("needs {count} numbers ({names}), got {found}"),
    N_("asks for {count} {tier} creators and there are {most} ({where})"),
    N_("asks for {count} creators"),
    N_("all fans of a brand account count; only a creator has one"),
    N_("at least one of the five weights must be above 0"),
    N_("sizes must rise from one pool to the next"),
    N_("no size may pass {most}"),
    N_("every entry must lie between {low} and {high} hours"),
    N_("every share must lie strictly between 0 and 1"),
    N_("{name} is used twice"),
    N_("{name} is the id of a creator of [seeding]"),
    N_("{name} is the id of an account of [{section}]"),
    N_("exactly one account needs role = 'main', found {count}"),
    N_("{name} is not a topic of [audience]"),
    N_("{name} is not a brand account"),
    N_("{name} is not an account"),
    N_("there is no creator {name}"),
    N_("{name} publishes at most {most} posts in {hours} hours"),
    N_("the run is over by then, run.hours = {hours}"),
    N_("{name} cannot link to itself"),
    N_("this link is listed twice"),
    N_("{fans} fans inside the audience are more than audience.users = {users}"),
    N_("layout 'single' is an old name of kind 'one' and does not go with {kind}"),
    N_("a race of {count} accounts cannot keep {most}"),
    N_("is 0 as similarity_weight and synchrony_weight are, so nothing could be found"),
    N_("{name} is nobody"),
    N_("nobody posts in it; then it needs a budget_cny and another wave that it promotes"),
    N_("{name} is no topic of the audience"),
    N_("goes with kind = 'written' only, not with {kind}"),
    N_("{name} is no sub-account"),
    N_("the structure leaves {name} out"),
    N_("is larger than {most} bytes, so it is no scenario"),
    N_("is not UTF-8 text"),
    N_("no such file, and no shipped scenario has this name"),
    N_("is not a possible file name"),
    N_("cannot be read: {what}"),
    N_("a setting is written key=value, such as links.layout=star"),
    N_("is not valid TOML: {what}; such names and texts stand in quotes: {instead}"),
    N_("is not valid TOML: {what}; write {instead} in place of {sign}"),
    N_("is not valid TOML: {what}"),
    N_("is not a scenario: lists or tables are nested too deeply"),
    N_("is not a scenario: a number has too many digits"),
    N_("is not a TOML, CSV or Excel file"),
    N_("is no table that can be read ({what})"),
    N_("is neither UTF-8, UTF-16 nor GBK text, nor Excel"),
    N_("is no Excel file that can be read ({what}); allowed: .xlsx, .xls, or save it as CSV"),
    N_(
        'line {n}: a cell begins with a quotation mark (") that nothing ends, so that it reaches to line '
        "{last}; delete the mark, or end the cell with one"
    ),
    N_("has no rows"),
    N_("the column is not known"),
    N_("the column is there twice"),
    N_("has more cells than the header"),
    N_("the share of {name} is missing"),
    N_("the share of {name} is no number"),
    N_("{name} is listed twice"),
    N_("a name is missing"),
    N_("is not a number"),
    N_("is neither yes nor no"),
    N_("nothing is varied"),
    N_("sobol needs a power of two"),
    N_("the grid has {count} points"),
    N_("the list is empty"),
    N_("is neither a list nor a range"),
    N_("unknown word {word} in a range"),
    N_("a range needs two numbers, low below high"),
    N_("log is neither true nor false"),
    N_("a logarithmic range starts above 0"),
    N_("in a grid a range needs levels, 2 or more"),
    N_("levels are for a grid only"),
    N_("is no scenario of this server"),
)
"""Sentences of the schema, of the readers of files, of editing.py and of sweeps."""

ALLOWED = (
    N_("the path of a TOML file, or {names}"),
    N_("a list of any number of entries, each {each}"),
    N_("a list of any number of entries, none twice, each {each}"),
    N_("a list of {low} to {high} entries, each {each}"),
    N_("a list of {low} to {high} entries, none twice, each {each}"),
    N_("a list of {count} entries ({each})"),
    N_("a table with the keys {names}"),
    N_("a table of {low} to {high} names, each with {each}"),
    N_("text of {low} to {high} characters, not blank, without control characters"),
    N_("text of {low} to {high} characters"),
    N_("text such as {example}"),
    N_("a name that no other has"),
    N_("true or false"),
    N_("p99, or a whole number from {low} to {high}"),
    N_("a whole number from {low} to {high}"),
    N_("a whole number at least {low} and below {high}"),
    N_("a whole number"),
    N_("a number from {low} to {high}"),
    N_("a number above {low} and at most {high}"),
    N_("a number above {low} and below {high}"),
    N_("a number"),
    N_("at most {most} in all"),
    N_("from {low} to {high}"),
    N_("none: it never posts"),
    N_("yes or no"),
    N_("one key at least"),
    N_("one value at least"),
    N_("{names}, or the name of a draft"),
)
"""What a key allows; a pattern that fits less comes before one that fits more."""

REFUSED = (
    N_("no space left on device"),
    N_("disk quota exceeded"),
    N_("permission denied"),
    N_("read-only file system"),
    N_("no such file or directory"),
    N_("is a directory"),
    N_("not a directory"),
    N_("too many open files"),
    N_("input/output error"),
)
"""What a system says of a disk or a folder, in small letters."""

NUMBERS = ("low", "high", "most", "count", "found", "total", "fans", "users", "hours")
"""Places in a pattern that hold a number."""
NESTED, LATER, TABLE = "each", "what", "section"
"""Places in a pattern that hold another pattern, a sentence of its own, and a table's key."""


def said(error: MatrixsimError | OSError, words: Words) -> str:
    """An error as a terminal shows it, of a scenario a line a problem; in English that is its text."""
    if isinstance(error, OSError):  # a full disk, a folder closed to us
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{words((error.strerror or str(error)).lower())}"
    if words.language == "en" or not isinstance(error, ScenarioError):
        return error.said(words)
    lines = []
    for problem in error.problems[:SHOWN_PROBLEMS]:
        allowed = translated(words, problem.allowed, ALLOWED)
        told = replace(problem, message=translated(words, problem.message, MESSAGES), allowed="", nearest="")
        line = f"{told}。"
        if allowed:
            line += words("Allowed: {choice}.", choice=printable(allowed, MOST_ALLOWED))
        if problem.nearest:
            line += words("Did you mean {word}?", word=printable(problem.nearest, MOST_NEAREST))
        lines.append(line)
    if hidden := len(error.problems) - len(lines):
        lines.append(words("… and {n} more.", n=f"{hidden:,}"))
    return "\n".join(lines)


def in_all(error: MatrixsimError | OSError) -> dict[str, str]:
    """An error in every language, for those who do not know the reader's."""
    return {language: said(error, Words(language)) for language in LANGUAGES}


def translated(words: Words, text: str, patterns: Sequence[str]) -> str:
    """A sentence in the reader's language; as it is where no pattern fits."""
    for pattern in patterns:
        if found := _reader(pattern).fullmatch(text):
            facts = found.groupdict()
            if NESTED in facts:
                whole = translated(words, facts[NESTED], patterns)
                parts = [whole] if whole != facts[NESTED] else whole.split("; ")
                facts[NESTED] = "; ".join(translated(words, part, patterns) for part in parts)
            if TABLE in facts:
                facts[TABLE] = section_name(words, facts[TABLE])
            if LATER in facts:
                facts[LATER] = words(facts[LATER])
            return words(pattern, **facts)
    return text


@cache
def _reader(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression: a place in braces fits any number, or any text."""
    texts = re.split(r"\{(\w+)\}", pattern)
    for k, name in enumerate(texts):
        fits = r"[-+.,\de]+" if name in NUMBERS else ".+"
        texts[k] = f"(?P<{name}>{fits})" if k % 2 else re.escape(name)
    return re.compile("".join(texts), re.DOTALL)
