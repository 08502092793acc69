"""My data 我的数据: exports brought, what was understood of them, and a scenario fitted to them.

Everything about the files is worked out away from the page (jobs/own_data.py); they stay on this server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from sim.app.jobs import exports
from sim.app.jobs.exports import MOST_FILES, Brought, File
from sim.app.jobs.own_accounts import with_own
from sim.app.jobs.own_data import DATES, YEAR
from sim.app.jobs.questions import Reading
from sim.app.jobs.request import exists
from sim.app.jobs.store import Answer
from sim.app.pages.mydata import fit
from sim.app.pages.mydata.hand import DATA, FIT, take, told, tried
from sim.app.ui import address, choice, drafting, look, watch
from sim.language import plain
from sim.language.words import N_, NC_, Words
from sim.reading.told import KINDS, PLATFORMS

TITLE = N_("My data")
LEAD = N_("What do my own numbers say? Bring the exports of your accounts; every page can answer with them.")
COUNT, ACCOUNTS = "mydata_brought", "mydata_accounts"
"""Session keys: files brought so far; accounts chosen."""
KINDS_TAKEN = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls"]
ORDERS = {"dmy": N_("day/month/year"), "mdy": N_("month/day/year"), "ymd": N_("year/month/day")}
ENCODINGS = {"excel": "Excel", "gb18030": "GBK"}
"""Encodings that people know by another name."""
FEW = 12
"""Accounts that are all chosen at first (chosen)."""
PRIVATE = N_(
    "The files stay on this server; who has this page's address sees what stands here. Account names are "
    "shown as they are and go into a draft only if you use the accounts; titles are not shown. What nobody "
    "has looked at for 30 days is deleted."
)


def page(words: Words) -> None:
    """Draws the page."""
    name = _in_hand()
    _bring(words)
    name = _in_hand()
    brought = exports.found(name)
    told("files", words)
    if brought is None:
        if name:
            st.warning(words("The files are not kept any more; bring them again."))
        choice.note_in_address(data="", fit="")
        return
    choice.note_in_address(data=name, fit=st.session_state.get(FIT, ""))
    answer = watch.answered(Reading(_before(), None, name), words)
    if answer is None:
        return
    _understood(brought, answer, words)
    if not answer["accounts"]:
        st.info(words("No table of videos with views was found, so there is nothing to fit a scenario to."))
        return
    _accounts(answer, words)
    fit.draw(name, words)


def _in_hand() -> str:
    """Name of the set of files in hand: the session's, else the address's; the scenario to fit likewise."""
    state = st.session_state
    if DATA not in state:
        asked = address.read("fit")
        state[DATA], state[FIT] = address.read("data"), asked if exists(asked) else ""
    return str(state[DATA])


def _before() -> str:
    """Name of the scenario that luck is held against: that before the fit, which has seen these videos."""
    fitted_from = str(st.session_state.get(FIT, ""))
    return fitted_from if exists(fitted_from) else choice.name()


def _bring(words: Words) -> None:
    key = f"mydata_files_{st.session_state.get(COUNT, 0)}"

    def taken() -> None:
        given = {str(file.name): file.getvalue() for file in st.session_state[key] or []}
        st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1
        before = exports.found(_in_hand()) or Brought()
        tried(lambda: _set(exports.with_files(before, given), words), "files", words)

    st.file_uploader(
        words("Exports (CSV, TSV or Excel)"),
        type=KINDS_TAKEN,
        accept_multiple_files=True,
        key=key,
        on_change=taken,
        help=words(
            "Tables of videos, days and audiences from Douyin, Kuaishou, Xiaohongshu, WeChat Channels, "
            "TikTok, Instagram or YouTube, as their creator centres export them; at most {n} files.",
            n=MOST_FILES,
        ),
    )  # fmt: skip
    look.note(words(PRIVATE))


def _set(brought: Brought, words: Words) -> None:
    """Puts another set of files in hand; a fit to the one before does not hold for it."""

    def taken() -> None:
        st.session_state[DATA], st.session_state[FIT] = exports.keep(brought), ""

    tried(taken, "files", words)


def _understood(brought: Brought, answer: Answer, words: Words) -> None:
    st.header(words("What was understood"), anchor=False)
    _questions(brought, answer["refused"], words)
    if tables := answer["tables"]:
        heads = ("file", NC_("reading", "kind"), "platform", "encoding", "kept", "skipped", "period")
        columns = [look.Column(words(head), wide=head in {"encoding", "period"}) for head in heads]
        rows = [_row(table, words) for table in tables]
        look.table(columns, rows, words("What was understood"))
        with st.expander(words("Columns, and rows left out")):
            for table in tables:
                look.lines([words("{file}:", file=table["name"]), *table["told"][words.language]])
    _owners(brought, [table["file"] for table in tables if table["unnamed"]], words)
    look.button(words("Forget these files"), _forget, words, help=words("Deletes them and all about them."))


def _row(table: Mapping[str, Any], words: Words) -> list[str]:
    platform = words(PLATFORMS[table["platform"]]) if table["platform"] else "–"
    counts = (f"{table[key]:,}" for key in ("kept", "skipped"))
    encoding = ENCODINGS.get(table["encoding"], table["encoding"].upper())
    return [table["name"], words(KINDS[table["kind"]]), platform, encoding, *counts, table["period"]]


def _questions(brought: Brought, refused: Sequence[Mapping[str, Any]], words: Words) -> None:
    """What could not be read, and the questions whose answer would change that."""
    look.faults([file["said"][words.language] for file in refused if not file["asks"]])
    for asks in (DATES, YEAR):
        file = next((file for file in refused if file["asks"] == asks), None)
        if file is None:
            continue
        facts = {"file": look.plain(file["name"]), "column": look.plain(file["header"])}
        if asks == DATES:
            names = {order: words(name) for order, name in ORDERS.items()}
            title = words(
                "{file}, column {column}: how is {example} to be read?", **facts, example=file["example"]
            )
            order = look.chosen(
                title, names, "mydata_dates", index=None, placeholder=words("Choose"), width=420
            )
            wanted = replace(brought, dates=order or brought.dates)
        else:
            title = words("{file}, column {column}: dates without a year. Which year is the newest?", **facts)
            year = st.number_input(title, 1990, 2099, value=None, key="mydata_year", width=420)
            wanted = replace(brought, year=year or brought.year)
        if wanted != brought:
            _set(wanted, words)
            st.rerun()
    with st.container(horizontal=True):
        for file in refused:
            rest = tuple(one for one in brought.files if one.name != file["name"])
            label = words("Leave out {file}", file=look.plain(file["name"]))
            look.button(label, _set, replace(brought, files=rest), words, key=f"mydata_out_{file['name']}")


def _owners(brought: Brought, unnamed: Sequence[str], words: Words) -> None:
    """Whose the rows are of files that name no account; the same name twice is one account."""
    asked = [file for file in brought.files if file.name in unnamed]
    if not asked:
        return
    look.note(words("These files name no account. Whose are they? One account may have several files."))
    with look.row("mydata_owners"):
        for file in asked:
            key = f"mydata_account_{file.held}"
            st.text_input(
                look.plain(file.name), file.account, key=key, width=260, on_change=_named,
                args=(brought, file, key, words), placeholder=file.name.rpartition(".")[0],
            )  # fmt: skip


def _named(brought: Brought, file: File, key: str, words: Words) -> None:
    named = replace(file, account=str(st.session_state[key]).strip())
    _set(replace(brought, files=tuple(named if one == file else one for one in brought.files)), words)


def _forget(words: Words) -> None:
    tried(lambda: exports.forget(_in_hand()), "files", words)
    st.session_state[DATA] = st.session_state[FIT] = ""


def _accounts(answer: Answer, words: Words) -> None:
    st.header(words("Unlucky, or bad?"), anchor=False)
    of = dict.fromkeys(table["platform"] for table in answer["tables"] if table["kind"] in {"videos", "days"})
    if len(named := [words(PLATFORMS[name]) for name in of if name in PLATFORMS]) > 1:
        several = N_(
            "These files are of several platforms: {names}. Luck and fit take them for one; for an answer of "
            "its own each platform's files are brought by themselves."
        )
        look.lines([words(several, names=words.listed(named))])
    luck, language = answer["luck"], words.language
    if luck["rows"]:
        heads = luck["heads"][language]
        wide = {1, 2, 4, 5, 6}  # what is shrunken, its interval below it, and how many more tell are left
        columns = [look.Column(plain.told(head, words), wide=k in wide) for k, head in enumerate(heads)]
        lucks = [[*row[:3], look.Cell(row[3], row[4]), *row[4:]] for row in luck["rows"][language]]
        look.table(columns, lucks, words("Unlucky, or bad?"))
    look.folded([plain.told(line, words) for line in luck["said"][language]], 1, words)
    st.header(words("Accounts of the scenario"), anchor=False)
    rows = {row["account"]: row for row in answer["accounts"]}
    names = {name: _described(row, words) for name, row in rows.items()}
    chosen = st.multiselect(
        words("Accounts of my data that take the place of the brand's"), list(rows),
        default=list(rows)[:FEW], format_func=names.__getitem__, key=f"{ACCOUNTS}_{st.session_state[DATA]}",
        placeholder=words("none"),
        help=words(
            "Fans and posts a day come from the data; topics, and what else they do not say, from the main "
            "account of the scenario. The one with the most fans becomes the main account."
        ),
    )  # fmt: skip
    if unknown := [name for name in chosen if rows[name]["fans"] is None]:
        line = words(
            "No file says how many fans these have, and new ones begin with none: {names}. Fans can be typed "
            "in on Scenario; without them the one with the most videos becomes the main account.",
            names=words.listed(unknown),
        )
        look.note(line)
    look.button(
        words("Use these accounts"), _take_accounts, [rows[name] for name in chosen], words,
        disabled=not chosen,
    )  # fmt: skip
    told("accounts", words)


def _described(row: Mapping[str, Any], words: Words) -> str:
    facts = [words("{n:,} videos", n=row["videos"])]
    if row["fans"] is not None:
        facts.append(words("{n:,} fans", n=row["fans"]))
    if row["per_day"]:
        facts.append(words("{n:g} a day", n=row["per_day"]))
    return f"{row['account']} · {' · '.join(facts)}"


def _take_accounts(rows: Sequence[Mapping[str, Any]], words: Words) -> None:
    take(lambda: with_own(drafting.sheet().document, rows), "accounts", words)
