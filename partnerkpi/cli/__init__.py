"""The command line. One module per command, loaded when it runs; this one finds it and translates errors, once."""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from partnerkpi._version import __version__
from partnerkpi.cli.commands import LINES, MODULES
from partnerkpi.cli.terminal import echo, writing
from partnerkpi.errors import PartnerKpiError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnerkpi.cli.declared import Command

#: So many objects are made before those are looked for that only hold each other: seldom, since what a run loads stays.
OBJECTS = 100_000


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process: 0 done, 1 could not, 2 wrong usage; an error is one line.

    PARTNERKPI_DEBUG=1 in the environment shows where in the program an error came from.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started this: else a file that is opened would take its place
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - as long as we run
    for stream in (sys.stdout, sys.stderr):  # partners have names in every script, whatever the console's code page
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if arguments is not None:
        sys.exit(_run(arguments))
    gc.set_threshold(OBJECTS)
    _leave(_run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """End the process when all is written and cleaned up: taking hundreds of modules down is a tenth of a small run."""
    threads = sys.modules["threading"].enumerate() if "threading" in sys.modules else []
    if os.environ.get("PARTNERKPI_DEBUG") or sum(not one.daemon for one in threads) > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # closed, or nobody reads it any more
            stream.flush()
    os._exit(code)


@functools.cache
def named(name: str) -> Command:
    """Return a command by its name, as "nps" or "excel build"."""
    from importlib import import_module

    from partnerkpi.cli.declared import command

    module = import_module(f"partnerkpi.cli.{MODULES[name].replace('-', '_')}")
    return command(name, getattr(module, name.split()[-1].replace("-", "_")))


def _run(arguments: Sequence[str]) -> int:
    try:
        code = _obey(list(arguments))
        with writing(sys.stdout):
            sys.stdout.flush()
    except PartnerKpiError as error:
        return _complain(str(error), error.exit_code, error)
    except BrokenPipeError:  # whoever read our output has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _complain("stopped", 1, None)
    except MemoryError as error:
        return _complain(
            "this machine has too little memory for the file: save it as CSV or Parquet and use that", 1, error
        )
    except Exception as error:  # noqa: BLE001 - the last line: a person gets a sentence, never a traceback
        if isinstance(error, OSError) and (short := _short_of(error)):
            return _complain(short, 1, error)
        what = str(error).strip().splitlines()[0] if str(error).strip() else "no details"
        return _complain(
            f"something went wrong inside partnerkpi ({type(error).__name__}: {what}). "
            "This is a fault of ours: run again with PARTNERKPI_DEBUG=1 set and send us what it prints",
            1,
            error,
        )
    return code


def _short_of(error: OSError) -> str:
    """Return what the machine has run out of, where an error of the system says so that nobody has put into words."""
    from partnerkpi.tables.shortage import shortage

    return str(shortage(error) or "")


def _obey(words: list[str]) -> int:
    """Do what the words of a command line ask for, and return the exit code."""
    if os.environ.get("PARTNERKPI_COMPLETE"):  # asked by the shell: see `completion`
        from partnerkpi.cli.completion import candidates

        for word in candidates(words):
            echo(word)
        return 0
    first = words[0] if words else "--help"
    if first in ("-h", "--help"):
        from partnerkpi.cli.help import first_page

        echo(first_page())
        return 0
    if first == "--version":
        echo(f"partnerkpi {__version__}")
        return 0
    two = " ".join(words[:2])
    name = two if two in LINES else first
    if name not in LINES:
        return _no_command(words)
    return _do(name, words[name.count(" ") + 1 :])


def _do(name: str, words: list[str]) -> int:
    from partnerkpi.cli.declared import Exit, HelpWanted
    from partnerkpi.cli.parsing import read_words

    command = named(name)
    try:
        given = read_words(command, words)
    except HelpWanted:
        from partnerkpi.cli.help import command_page

        echo(command_page(command))
        return 0
    except UsageError as error:
        end = "" if str(error).endswith("?") else "."
        raise UsageError(f"{error}{end} See 'partnerkpi {name} --help'") from None
    try:
        command(given)
    except Exit as leave:
        return leave.exit_code
    return 0


def _no_command(words: list[str]) -> int:
    """Print the page of a group of commands, or say that there is no such command."""
    import difflib

    first, second = words[0], words[1] if len(words) > 1 else ""
    own = [name.partition(" ")[2] for name in LINES if name.startswith(f"{first} ")]
    if own and second in ("", "-h", "--help"):
        from partnerkpi.cli.help import group_page

        echo(group_page(first))
        return 0 if second else 2
    before, word, known = (f"{first} ", second, own) if own else ("", first, [*dict.fromkeys(LINES)])
    near = difflib.get_close_matches(word, [name for name in known if " " not in name], 1, 0.6)
    if near:
        hint = f"; did you mean '{before}{near[0]}'?"
    elif os.path.exists(word):  # noqa: PTH110 - pathlib takes as long to load as all that was loaded so far
        hint = f": that is a file, and 'partnerkpi check {word}' says what it holds."
    else:
        hint = "."
    raise UsageError(f"there is no command '{before}{word}'{hint} See 'partnerkpi {before}--help'")


def _complain(message: str, code: int, error: BaseException | None) -> int:
    if error is not None and os.environ.get("PARTNERKPI_DEBUG"):
        import traceback

        echo("".join(traceback.format_exception(error)), error=True)
    with contextlib.suppress(OSError):
        echo(f"partnerkpi: {' '.join(message.split())}", error=True)
    return code


if __name__ == "__main__":
    main()
