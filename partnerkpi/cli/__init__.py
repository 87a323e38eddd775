"""The command line. One module per command; this one puts them together and translates errors, once."""

from __future__ import annotations

import contextlib
import os
import sys

import typer

from partnerkpi._version import __version__
from partnerkpi.cli import (
    actions,
    advocacy,
    alerts,
    check,
    compare,
    demo,
    excel,
    export,
    guide,
    mail,
    nps,
    outlook,
    prospect,
    retention,
    rewards,
    scorecard,
    template,
    verify,
    whatif,
)
from partnerkpi.cli.options import Command, command
from partnerkpi.cli.terminal import say
from partnerkpi.errors import PartnerKpiError

# Typer carries Click's exceptions without naming them: the parents of the one that it does name.
_USAGE_ERROR, _COMMAND_LINE_ERROR = typer.BadParameter.__mro__[1:3]

app = typer.Typer(
    name="partnerkpi",
    help="Strategic Partner NPS, Partner Advocacy and Partner Influence on Customer Retention, from survey exports "
    "to a scorecard workbook. 'partnerkpi COMMAND --help' explains each command.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(*, value: bool) -> None:
    if value:
        say(f"partnerkpi {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(
        False,
        "--version",
        callback=lambda value: _version(value=value),
        is_eager=True,
        help="Show the version and stop.",
    ),
) -> None:
    pass


# One module a command, whose function has its name.
_IN_ORDER = (
    *(nps, advocacy, retention, scorecard, alerts, actions, verify, outlook, rewards),
    *(prospect, compare, whatif, export, mail, check, demo, guide, template),
)
#: The one option of a group that a command does not have.
_WITHOUT = {whatif: "attributed", export: "since"}
for _module in _IN_ORDER:
    _name = _module.__name__.rpartition(".")[2]
    app.command(_name, cls=Command)(command(getattr(_module, _name), without=_WITHOUT.get(_module)))
app.add_typer(excel.app, name="excel")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process: 0 done, 1 could not, 2 wrong usage; an error is one line.

    PARTNERKPI_DEBUG=1 in the environment shows where in the program an error came from.
    """
    for stream in (sys.stdout, sys.stderr):  # partners have names in every script, whatever the console's code page
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = app(args=arguments, prog_name="partnerkpi", standalone_mode=False)
        sys.stdout.flush()
    except PartnerKpiError as error:
        return _complain(str(error), error.exit_code, error)
    except _COMMAND_LINE_ERROR as error:  # type: ignore[misc]  # its type is only known when it runs
        return _command_line_error(error)
    except typer.Exit as leave:
        return int(leave.exit_code)
    except BrokenPipeError:  # whoever read our output has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return _complain("stopped", 1, None)
    except MemoryError as error:
        return _complain(
            "this machine has too little memory for the file: save it as CSV or Parquet and use that", 1, error
        )
    except Exception as error:  # noqa: BLE001 - the last line: a person gets a sentence, never a traceback
        what = str(error).strip().splitlines()[0] if str(error).strip() else "no details"
        return _complain(
            f"something went wrong inside partnerkpi ({type(error).__name__}: {what}). "
            "This is a fault of ours: run again with PARTNERKPI_DEBUG=1 set and send us what it prints",
            1,
            error,
        )
    return code if isinstance(code, int) else 0


def _command_line_error(error: BaseException) -> int:
    message = getattr(error, "format_message", lambda: str(error))()
    if not message:  # 'partnerkpi' alone shows the help, which is what was needed
        return 2
    context = getattr(error, "ctx", None)
    help_command = f"{context.command_path} --help" if context is not None else "partnerkpi --help"
    flat = " ".join(message.split())
    return _complain(f"{flat.rstrip('.')}. See '{help_command}'", 2, error)


def _complain(message: str, code: int, error: BaseException | None) -> int:
    if error is not None and os.environ.get("PARTNERKPI_DEBUG"):
        import traceback

        say("".join(traceback.format_exception(error)), error=True)
    with contextlib.suppress(OSError):
        say(f"partnerkpi: {' '.join(message.split())}", error=True)
    return code


if __name__ == "__main__":
    main()
