"""Files from outside are read in a process of their own, with a limit on memory and time.

A file can be made so that reading it ends the process that reads it, whatever was checked before. Then only the
helper ends (`helper_main`), and the user gets a sentence. One helper serves all files of a run: it is started before
this process loads its own libraries, so that starting it costs next to nothing, and is a copy of this one where that
is as safe (`forked`).

Linux limits the helper's address space. Windows puts it into a job with a limit. macOS has no such limit: there the
helper's size is looked at twice a second. Time is limited everywhere, by ending the helper.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from partnerkpi import errors
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, PartnerKpiError, UnsafeFile
from partnerkpi.tables.allowance import Allowance, processor_seconds
from partnerkpi.tables.forked import Forked, may_be_copied
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.part import Part
from partnerkpi.tables.shortage import allowed_megabytes, no_memory

if TYPE_CHECKING:
    import subprocess

#: The helper needs no site packages but those that this process found, and none of their start-up files.
_START = (
    "import sys; sys.path[:] = sys.argv.pop(1).split('\\n'); from partnerkpi.tables.helper_main import main; main()"
)


class Helper:
    """The helper process: started once, asked about one file after the other, replaced when it has ended."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._running: _Running | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the helper if there is none; it loads its modules while this process goes on."""
        if self._running is not None:
            return
        if not sys.executable or getattr(sys, "frozen", False):
            raise FileProblem(
                "files are read in a process of their own, and this program has no Python that could be started for "
                "it: run partnerkpi from an ordinary Python"
            )
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        try:
            process = self._copied(stderr) if may_be_copied(self.limits.megabytes) else self._started(stderr)
        except OSError as error:
            stderr.close()
            raise FileProblem(f"no process could be started to read files in ({error}): close other programs") from None
        self._running = _Running(process, stderr, _Watch(process, self.limits))

    def _copied(self, stderr: IO[bytes]) -> Forked:
        from partnerkpi.tables.helper_main import serve

        return Forked(lambda: serve(self.limits), stderr.fileno())

    def _started(self, stderr: IO[bytes]) -> subprocess.Popen[str]:
        import subprocess

        # This package first: some ways of installing it in place need start-up files, which the helper does without.
        ours = str(Path(__file__).resolve().parents[2])
        paths = "\n".join(dict.fromkeys([ours, *(os.path.realpath(entry or os.curdir) for entry in sys.path)]))
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, paths, json.dumps(asdict(self.limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def parts(
        self,
        path: Path,
        inner: str | None,
        tool: str | None,
        prefix: Path,
        database: str = "",
        *,
        encoding: str | None = None,
        copy: bool = False,
    ) -> Iterator[Part]:
        """Yield each table of a file; each is read when it is asked for.

        Copies are written to files whose names begin with `prefix`; `database` is what the engine calls the file if it
        is one. `encoding` is that of text files that are not UTF-8, if the user names one. With `copy` a text file is
        copied even if the engine could read it in place.
        FileProblem or UnsafeFile with the reason where the file is refused, or reading it takes too much.
        """
        request: dict[str, Any] = {"do": "open", "path": str(path), "inner": inner, "tool": tool}
        request |= {"prefix": str(prefix), "database": database, "encoding": encoding, "copy": copy}
        with suppress(OSError):  # the folder that this process was in may be gone
            request["folder"] = str(Path.cwd())
        answer = self._ask(request, path)
        while "part" in answer:
            yield Part.of_plain(answer["part"])
            answer = self._ask({"do": "next"}, path)

    def stop(self) -> None:
        """End the helper."""
        running, self._running = self._running, None
        if running is not None:
            running.watch.close()
            running.process.kill()
            with suppress(OSError, ValueError):
                running.process.communicate()
            running.stderr.close()

    def _ask(self, request: dict[str, Any], path: Path, *, again: bool = True) -> dict[str, Any]:
        self.start()
        assert self._running is not None  # noqa: S101 - started just now
        running = self._running
        process = running.process
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        answer: dict[str, Any] = {"error": "Ended"}
        with running.watch, suppress(OSError):
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            answer = json.loads(line) if line.endswith("\n") else {"error": "Ended"}
        if answer.get("error") not in ("MemoryError", "Ended"):
            if "error" in answer:
                raise getattr(errors, answer["error"])(answer["message"])
            return answer
        problem = self._explained(running, path, out_of_memory=answer["error"] == "MemoryError")
        self.stop()
        if again and isinstance(problem, UnsafeFile):
            # What took too much is looked for by a new helper, which only measures.
            self._ask({"do": "explain", "path": str(path)}, path, again=False)
        raise problem

    def _explained(self, running: _Running, path: Path, *, out_of_memory: bool) -> PartnerKpiError:
        """Return why the helper ended without an answer."""
        import subprocess

        process, stderr, watch = running.process, running.stderr, running.watch
        if not out_of_memory:
            with suppress(subprocess.TimeoutExpired):  # its pipes are closed: it is about to end by itself
                process.wait(5)
        process.kill()
        code = process.wait()
        if watch.reason == "time":
            return UnsafeFile(
                f"{path} takes longer than {self.limits.seconds} seconds to read: save the sheet as .csv, or raise "
                "limits.seconds in partnerkpi.toml"
            )
        stderr.seek(0)
        words = stderr.read(1 << 16).decode("utf-8", "replace")
        words_of_memory = "memory allocation" in words or "MemoryError" in words or "out of memory" in words.lower()
        if out_of_memory or watch.reason == "memory" or words_of_memory or code in (-9, 137):
            allowed = allowed_megabytes()
            if allowed is not None and allowed < self.limits.megabytes:
                return no_memory()
            return UnsafeFile(
                f"{path} takes more than {self.limits.megabytes:,} MB of memory to read: it may be made to do harm. "
                "Save the table as .csv and use that, or raise limits.megabytes in partnerkpi.toml"
            )
        reason = next((line for line in reversed(words.splitlines()) if line.strip()), f"exit code {code}")
        return FileProblem(
            f"{path} cannot be read: it ended the process that read it ({reason.strip()[:200]}). Save it again, or as "
            ".csv, and use that"
        )


class _Watch:
    """Ends the helper when it takes too long over one answer, or too much memory where the system sets no limit."""

    def __init__(self, process: subprocess.Popen[str] | Forked, limits: Limits) -> None:
        self.reason: str | None = None
        self._process, self._limits = process, limits
        self._allowance: Allowance | None = None  # while it is asked for something
        self._change = threading.Condition()
        self._closed = False
        if sys.platform == "win32" and not isinstance(process, Forked):
            self._job = _limit_on_windows(process, limits)
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def __enter__(self) -> None:
        with self._change:
            self._allowance = Allowance(self._limits.seconds, lambda: processor_seconds(self._process.pid))
            self._change.notify()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._change:
            self._allowance = None

    def close(self) -> None:
        """Stop looking."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join()

    def _look(self) -> None:
        with self._change:
            while not self._closed:
                left = None if self._allowance is None else self._allowance.left()
                if left is not None and left <= 0:
                    self._end("time")
                    return
                if _NO_LIMIT and left is not None and _megabytes(self._process.pid) > self._limits.megabytes:
                    self._end("memory")
                    return
                self._change.wait(min(left, 0.5) if _NO_LIMIT and left is not None else left)

    def _end(self, reason: str) -> None:
        self.reason = reason
        self._process.kill()


@dataclass(frozen=True, slots=True)
class _Running:
    """The process, what it writes to its standard error, and what watches over it."""

    process: subprocess.Popen[str] | Forked
    stderr: IO[bytes]
    watch: _Watch


#: Systems that have the call for a limit of memory, and do not keep it.
_NO_LIMIT = sys.platform == "darwin"


def _megabytes(process: int) -> float:
    """Return how much memory a process has, as `ps` tells; 0 where it does not."""
    import subprocess

    with suppress(OSError, ValueError, subprocess.SubprocessError):
        told = subprocess.run(  # noqa: S603 - the system's own program
            ["/bin/ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True, timeout=5
        )
        return int(told.stdout) / 1024
    return 0


def _limit_on_windows(process: subprocess.Popen[str], limits: Limits) -> Any:
    """Put the helper into a job that limits its memory and ends with this process; None where that fails."""
    from partnerkpi.tables.windowsjob import limit

    with suppress(OSError, AttributeError, ImportError):
        return limit(process, limits.megabytes << 20)
    return None
