"""Where a sweep keeps its runs: Parquet parts and a manifest in a folder, or at any fsspec address.

Takes rows; gives them back as one frame, each run once. A part is written whole and then
renamed into place, so whoever is killed at whatever moment leaves whole parts only. Several
coordinators share a folder by locks that die with their holder. Does not run anything.
"""

import hashlib
import io
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
from filelock import FileLock, Timeout
from fsspec.implementations.local import LocalFileSystem

from sim import storage
from sim.errors import DamagedError, Phrase, UsageError
from sim.sources import rules_version
from sim.sweeps.claims import Claim, Tried
from sim.sweeps.design import Axis
from sim.sweeps.plan import Sweep

COMPACT_AT = 64
"""Parts from which they are merged into one: reading costs a file each (chosen)."""
FLOATS = ("gmv_cny", "cost_cny", "profit_cny", "roi", "matrix_gain", "account_luck", "seconds")
TEXTS = ("engine", "digest", "race_kept")
OWN = {
    "job": pl.String,
    "key": pl.String,
    "point": pl.Int64,
    "seed": pl.Int64,
    "status": pl.String,
    "error": pl.String,
}
"""Columns beside the varied keys and the summary."""
LOCK = "merge.lock"
MANIFEST = {"identity", "rules_version", "runs", "axes", "seeds"}
"""Keys of a manifest that somebody reads."""
REWRITE = Phrase("`sweep … --resume --redo-damaged` sets it aside and writes it anew; the runs stay")
OURS = {"manifest.json", "scenario.toml", "parts", "claims", LOCK}
"""What stands in a store."""
DONE, FAILED = "done", "failed"
ASIDE = ".damaged"
"""Ending of a file that was set aside; nothing reads it."""
HASHED = 16
"""Hex digits of the content in the name of a part; parts of older stores carry 8 of luck instead."""
REDO = Phrase(
    "its runs are done again by `sweep … --resume --redo-damaged`, which sets it aside; "
    "or by the same command once it is moved away"
)


class Store:
    """The runs of one sweep.

    Args:
        address: a folder, or an fsspec address such as memory://sweep.
    Attributes:
        local: whether it is a folder of this machine's file system.
    """

    def __init__(self, address: str | os.PathLike[str]) -> None:
        self.address = os.fsdecode(address)
        self.fs, self.root = fsspec.core.url_to_fs(self.address)
        self.local = isinstance(self.fs, LocalFileSystem)
        self._known: set[str] = set()
        self._done: set[str] = set()
        self._failed: set[str] = set()

    def begin(self, sweep: Sweep, *, resume: bool) -> None:
        """Makes the store, or finds that it is this sweep's.

        Raises:
            UsageError: it holds a sweep already and `resume` is not given, or holds another one.
        """
        if self.fs.exists(self.root):
            names = {str(path).rsplit("/", 1)[-1] for path in self.fs.ls(self.root, detail=False)}
            if any(name not in OURS and not name.endswith((".part", ASIDE)) for name in names):
                raise UsageError(
                    "{address}: is a folder with other files; name a new one", address=self.address
                )
        self.fs.makedirs(self._path("parts"), exist_ok=True)
        # Coordinators may start at the same moment: one of them writes what the store is about.
        lock = FileLock(self._path(LOCK)) if self.local else nullcontext()
        with lock:
            self._begin(sweep, resume=resume)

    def _begin(self, sweep: Sweep, *, resume: bool) -> None:
        if self.fs.exists(self._path("manifest.json")):
            manifest = self.manifest()
            if not resume:
                raise UsageError(
                    "{address}: holds a sweep already; go on with --resume, or name another folder",
                    address=self.address,
                )
            if manifest["identity"] != sweep.identity():
                raise UsageError("{address}: holds another sweep; name another folder", address=self.address)
            if manifest["rules_version"] != rules_version():
                raise UsageError(
                    "{address}: was begun under other rules; name another folder", address=self.address
                )
            return
        self._refuse_others_runs(sweep)
        manifest = {
            "format": 1,
            "identity": sweep.identity(),
            "rules_version": rules_version(),
            "scenario": sweep.scenario.name,
            "design": sweep.design.model_dump(),
            "seeds": sweep.seeds,
            "runs": len(sweep.jobs()),
            "axes": [axis._asdict() for axis in sweep.axes],
        }
        self._write("scenario.toml", sweep.scenario.to_toml().encode())
        self._write("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2).encode())

    def _refuse_others_runs(self, sweep: Sweep) -> None:
        """Runs whose manifest is gone are this sweep's, under these rules, or the folder is not used."""
        if not self.parts():
            return
        rows, jobs = self.read(list(OWN)), {job.job: job for job in sweep.jobs()}
        done = rows.filter(pl.col("status") == DONE)
        if not set(rows["job"]) <= jobs.keys():
            raise UsageError(
                "{address}: holds runs of another sweep; name another folder", address=self.address
            )
        for job, key, seed in done.select("job", "key", "seed").head(1).rows():
            if key != sweep.key_of(sweep.scenario_at(jobs[job].values), seed):
                raise UsageError(
                    "{address}: holds runs under other rules; name another folder", address=self.address
                )

    def manifest(self) -> dict[str, Any]:
        """What the store is about.

        Raises:
            UsageError: there is no sweep here.
            DamagedError: its manifest cannot be read.
        """
        file = self._path("manifest.json")
        try:
            content = json.loads(self.fs.cat_file(file))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise UsageError("{address}: holds no sweep (no manifest.json)", address=self.address) from error
        except ValueError as error:
            raise DamagedError(self._told(file), Phrase("it is no JSON"), REWRITE) from error
        if not isinstance(content, dict) or not content.keys() >= MANIFEST:
            raise DamagedError(self._told(file), Phrase("keys are missing"), REWRITE)
        return content

    def add(self, rows: Sequence[Mapping[str, Any]], axes: Iterable[Axis]) -> None:
        """Writes finished runs as a part of their own."""
        if rows:
            self._write_part(framed(rows, axes))

    def parts(self) -> list[str]:
        """Paths of the parts, oldest first."""
        folder = self._path("parts")
        if not self.fs.exists(folder):
            return []
        self.fs.invalidate_cache(folder)
        return sorted(str(p) for p in self.fs.ls(folder, detail=False) if str(p).endswith(".parquet"))

    def read(self, columns: list[str] | None = None) -> pl.DataFrame:
        """Every run once, ordered by point and seed; done beats failed, then later beats earlier.

        Raises:
            DamagedError: a part cannot be read.
        """
        frames: list[pl.DataFrame] = []
        for part in self.parts():
            try:
                frames.append(self._read_part(part, columns))
            except FileNotFoundError:  # merged away by another coordinator: its rows are in a later part
                return self.read(columns)
        if not frames:
            return pl.DataFrame(schema=OWN if columns is None else {c: OWN[c] for c in columns})
        return one_each(pl.concat(frames, how="diagonal_relaxed"))

    def finished(self, *, failed_too: bool = True) -> set[str]:
        """Jobs that need not run again; parts read before are not read again.

        Raises:
            DamagedError: a part cannot be read.
        """
        for part in self.parts():
            if part in self._known:
                continue
            try:
                rows = self._read_part(part, ["job", "status"])
            except FileNotFoundError:  # merged away by another coordinator
                continue
            self._known.add(part)
            self._done |= set(rows.filter(pl.col("status") == DONE)["job"].to_list())
            self._failed |= set(rows.filter(pl.col("status") == FAILED)["job"].to_list())
        return self._done | self._failed if failed_too else set(self._done)

    def counted(self) -> tuple[int, int]:
        """Runs done and runs failed; parts read before are not read again."""
        self.finished()
        return len(self._done), len(self._failed - self._done)

    def compact(self, *, at: int = COMPACT_AT) -> None:
        """Merges the parts into one where there are many; the old ones go once the new one is in place."""
        with self._merging() as free:
            old = self.parts()
            if not free or len(old) < at:
                return
            frames = [self._read_part(part) for part in old]
            self._write_part(one_each(pl.concat(frames, how="diagonal_relaxed")))
            for part in old:
                self.fs.rm_file(part)

    def claim(self, chunk: int) -> Claim | None:
        """The right to run a chunk until it is released; None where another coordinator has it."""
        if not self.local:
            return Claim(None)  # an object store has one coordinator
        folder = Path(self.root) / "claims"
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / f"{chunk:06}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
        return Claim(lock)

    def damaged(self) -> list[str]:
        """Paths of the files that cannot be read: parts, and the manifest where it is broken."""
        found = []
        try:
            self.manifest()
        except DamagedError as error:
            found.append(error.file)
        except UsageError:  # there is none
            pass
        for part in self.parts():
            try:
                self._read_part(part, ["job"])
            except FileNotFoundError:  # merged away
                continue
            except DamagedError as error:
                found.append(error.file)
        return found

    def set_aside(self) -> list[str]:
        """Takes every damaged file out of the store, kept under its name and ASIDE; their old paths.

        Going on does the runs of a part again; `begin` writes a manifest anew, if the parts are that sweep's.
        """
        if not self.fs.exists(self.root):
            return []
        with FileLock(self._path(LOCK)) if self.local else nullcontext():
            found = self.damaged()
            for file in found:
                self.fs.mv(file, f"{file}{ASIDE}")
        return found

    def _read_part(self, part: str, columns: list[str] | None = None) -> pl.DataFrame:
        """The rows of a part.

        Raises:
            FileNotFoundError: it is gone.
            DamagedError: it is not what was written.
        """
        content = self.fs.cat_file(part)
        told = Path(part).stem.rpartition("-")[2]
        if len(told) == HASHED and told != _hash(content):
            raise DamagedError(self._told(part), Phrase("its content is not what was written"), REDO)
        try:
            return pl.read_parquet(io.BytesIO(content), columns=columns)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            why = (str(error).splitlines() or [type(error).__name__])[0]
            raise DamagedError(self._told(part), why, REDO) from None

    def _told(self, path: str) -> str:
        """A path as messages name it."""
        return path if self.local else f"{self.address.rstrip('/')}{path.removeprefix(self.root)}"

    def _merging(self) -> AbstractContextManager[bool]:
        """Whether this coordinator may merge now."""
        if not self.local:
            return nullcontext(True)
        return Tried(FileLock(self._path(LOCK)))

    def _write_part(self, frame: pl.DataFrame) -> None:
        content = io.BytesIO()
        frame.write_parquet(content)
        data = content.getvalue()
        self._write(f"parts/{time.time_ns():020}-{_hash(data)}.parquet", data)

    def _write(self, name: str, content: bytes) -> None:
        if self.local:
            storage.write_bytes(self._path(name), content)
        else:
            self.fs.pipe_file(self._path(name), content)

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"


def _hash(content: bytes) -> str:
    """What the name of a part says about its content, so that a changed byte cannot pass for a result."""
    return hashlib.blake2b(content, digest_size=HASHED // 2).hexdigest()


def framed(rows: Sequence[Mapping[str, Any]], axes: Iterable[Axis]) -> pl.DataFrame:
    """Rows as a frame whose columns have the same types in every part."""
    columns: dict[str, Any] = {}
    for row in rows:
        for name in row:
            columns.setdefault(name, None)
    kinds = {axis.key: _kind(axis) for axis in axes}
    types = {name: OWN.get(name) or kinds.get(name) or _summary_type(name) for name in columns}
    listed = [name for name, kind in kinds.items() if kind == pl.String]
    texts = [{**row, **{n: _text(row[n]) for n in listed if n in row}} for row in rows]
    return pl.DataFrame(texts, schema=types, strict=False)


def one_each(rows: pl.DataFrame) -> pl.DataFrame:
    """Each run once."""
    return (
        rows.with_row_index("_later")
        .sort([pl.col("status") == DONE, "_later"], descending=True)
        .unique("job", keep="first", maintain_order=True)
        .sort("point", "seed")
        .drop("_later")
    )


def _kind(axis: Axis) -> Any:
    values = axis.values or (axis.at(0.0),)
    if all(isinstance(v, bool) for v in values):
        return pl.Boolean
    if all(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return pl.Int64
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return pl.Float64
    return pl.String


def _text(value: Any) -> str | None:
    """A category as text; lists and mixed values in JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _summary_type(name: str) -> Any:
    return pl.Float64 if name in FLOATS else pl.String if name in TEXTS else pl.Int64
