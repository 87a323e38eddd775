"""Where the tables of one run are read and counted: a connection of the engine, a helper process, and a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from partnerkpi.errors import FileProblem, PartnerKpiError, in_settings
from partnerkpi.files import in_text, no_longer_read, now_read, refuse_to_replace, state_of
from partnerkpi.leftovers import PrivateFolder
from partnerkpi.tables.embedded import duckdb_core
from partnerkpi.tables.encodings import check_encoding
from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.helper import Helper
from partnerkpi.tables.numbertext import check_decimal
from partnerkpi.tables.packed import Plain, plain
from partnerkpi.tables.scales import check_scale
from partnerkpi.tables.shortage import refuse_too_little
from partnerkpi.tables.tools import check_tool

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_STORE = "stored"


class _Closes(Protocol):
    """An engine that lets go of what it has opened."""

    def close(self) -> None: ...


_Closing = TypeVar("_Closing", bound=_Closes)


class Workspace:
    """A DuckDB connection, a helper process and a temporary folder; all go away when the `with` block ends.

    The helper is started by the first file, the connection by the first question.

    With what the user says of the files: `tool` is the survey tool that they are taken to come from, whatever they look
    like; `scale` the one that scores were asked on; `encoding` that of text files which are not UTF-8;
    `decimal` what stands before decimals, "point" or "comma";
    `partner_names` says which spellings are the same partner,
    `year_begins` with which month the financial year begins, `question` the one whose answers count
    where a column names several; `settings` is the file of the settings, which messages name.
    """

    def __init__(
        self,
        limits: Limits = DEFAULT_LIMITS,
        *,
        tool: str | None = None,
        scale: str | None = None,
        encoding: str | None = None,
        decimal: str | None = None,
        partner_names: Mapping[str, str] | None = None,
        year_begins: int | None = None,
        question: str | None = None,
        settings: Path | None = None,
    ) -> None:
        self.tool, self.scale = check_tool(tool), check_scale(scale)
        self.encoding = check_encoding(encoding)
        self.decimal = check_decimal(decimal)
        self.partner_names = partner_names or {}
        self.year_begins = year_begins
        self.question = question
        self.settings = settings
        self.engine = Engine(limits, self._place)
        self.engine.check = self._refuse_changed
        self.helper = Helper(limits)
        self.limits = limits
        self._plain: dict[tuple[Path, str | None], Plain] = {}
        self._folder: PrivateFolder | None = None
        self._opened: list[str] = []
        self._read: dict[Path, tuple[int, ...] | None] = {}
        self._written: list[tuple[Path, str]] = []
        self._databases: dict[Path, str] = {}
        self._attached: set[str] = set()
        self._elsewhere: dict[int, tuple[Any, Any]] = {}  # the connection is kept, so that no other has its id

    def __enter__(self) -> Self:
        refuse_too_little()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        no_longer_read(self._read)
        self.helper.stop()
        self.engine.close()
        for _, backend in self._elsewhere.values():
            backend.close()
        if self._folder is not None:
            self._folder.remove()
        problem = self.engine.explained(error, _named(self._opened))
        for one in (error, problem):
            if isinstance(one, PartnerKpiError):
                one.put_as(in_settings(str(one), self.settings))
        if problem is not None:
            raise problem from None

    @property
    def connection(self) -> DuckDBPyConnection:
        """Return the connection that counts, in the limits of memory and time; see `Engine`."""
        return self.engine.connection

    def reads(self, path: Path) -> None:
        """Note that a file is read; FileProblem if it is to be written as well."""
        path = path.absolute()  # this process may go to another folder meanwhile
        for target, option in self._written:
            refuse_to_replace(target, path, option)
        if path not in self._read:
            self._read[path] = state_of(path)
            now_read(path)

    def plain(self, path: Path, inner: str | None) -> Plain:
        """Return a plain file with what a source holds; it is unpacked once, and a pipe is read once."""
        if (path, inner) not in self._plain:
            self._plain[path, inner] = plain(path, inner, self._own_folder, self.limits)
        return self._plain[path, inner]

    def _own_folder(self) -> Path:
        folder = self._place() / f"plain-{len(self._plain)}"
        folder.mkdir()
        return folder

    def nameable(self, path: Path) -> Path:
        """Return a path by which every library finds a file: a link where its own name is not UTF-8."""
        try:
            str(path).encode("utf-8")
        except UnicodeEncodeError:
            place = self._place() / f"named-{len(self._opened)}"
            place.mkdir()
            link = place / in_text(path.name)
            link.symlink_to(path.resolve())
            return link
        return path

    def writes(self, target: Path | None, option: str) -> None:
        """Note which file an option names to be written; FileProblem if it is read."""
        if target is not None:
            self._written.append((target, option))
            for path in self._read:
                refuse_to_replace(target, path, option)

    def _refuse_changed(self) -> None:
        """Raise FileProblem if a file has changed since it was opened: its figures would be of no state of it."""
        for path, before in self._read.items():
            if state_of(path) != before:
                raise FileProblem(
                    f"{path} changed while it was read: wait until whatever writes it has finished, and run this again"
                )

    def copies_of(self, source: str) -> Path:
        """Return what the names of the files begin with to which a source is copied, and no other."""
        self._opened.append(source)
        return self._place() / str(len(self._opened))

    def store(self) -> str:
        """Return what a database in the temporary folder is called in SQL: for rows that can be read only once."""
        if _STORE not in self._attached:
            self.engine.attach(self._place() / "stored.duckdb", _STORE)
            self._attached.add(_STORE)
        return _STORE

    def database(self, path: Path) -> str:
        """Return what a file is called in SQL if it is a database."""
        return self._databases.setdefault(path, f"source{len(self._databases)}")

    def attach(self, path: Path) -> None:
        """Open a database that the helper has read; FileProblem where another program holds it."""
        duckdb = duckdb_core()

        name = self.database(path)
        if name in self._attached:
            return
        try:
            self.engine.attach(path, name, read_only=True)
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise FileProblem(
                f"{path} cannot be opened ({first}): close the program that holds it, or copy it"
            ) from None
        self._attached.add(name)

    def backend_of(self, connection: Any, open_backend: Callable[[Any], _Closing]) -> _Closing:
        """Return the engine behind a connection or session of the caller's: one for all its tables, until the end."""
        if id(connection) not in self._elsewhere:
            self._elsewhere[id(connection)] = (connection, open_backend(connection))
        backend: _Closing = self._elsewhere[id(connection)][1]
        return backend

    def _place(self) -> Path:
        """Return the temporary folder."""
        if self._folder is None:
            self._folder = PrivateFolder()
        return self._folder.path


def _named(sources: Sequence[str]) -> str:
    """Return the sources that were opened, for a message."""
    several = dict.fromkeys(sources)
    return next(iter(several), "the data") + (f" and {len(several) - 1} more" if len(several) > 1 else "")
