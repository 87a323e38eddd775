"""The Python that Excel starts, started as Excel does, with xlwings' own command line, and asked to answer once."""

from __future__ import annotations

import subprocess
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.excel import live
from partnerkpi.excel.machine import Interpreter, Machine
from partnerkpi.excel.stamp import installed

# What xlwings' macro XLPyCommand writes, between the interpreter and the call that serves Excel. The five empty places
# are its settings of OneDrive and SharePoint, and the last one of the setting PYTHONPATH.
_PREPARES = (
    'import sys, os;import xlwings.utils;xlwings.utils.prepare_sys_path(\\"False;{path};{path};;;;{more}\\");'
    "import xlwings; "
)
_ASKS = "xlwings.serve; import partnerkpi.udfs; from {module} import answer; print(answer('{version}', '{functions}'))"


@dataclass(frozen=True)
class Trial:
    """How a start of Excel's Python went: what it answered, or the last line of what went wrong."""

    answers: bool
    answer: str


def command_line(interpreter: Interpreter, workbook: str, more: str, code: str) -> str:
    """Return the line that starts Python as Excel does, but for ending afterwards: /C where xlwings writes /K."""
    path, more = (_escaped(text) for text in (workbook, more))
    if interpreter.conda is not None:
        folder, environment = interpreter.conda
        starts = f'cmd.exe  /C ""{folder}\\condabin\\conda" activate {environment} && python'
    else:
        starts = f'cmd.exe  /C ""{interpreter.path}"'
    return f'{starts} -B -c "{_PREPARES.format(path=path, more=more)}{code}""'


def try_server(machine: Machine, interpreter: Interpreter, workbook: Path, more: str = "") -> Trial:
    """Start the Python that Excel would start and import the functions in it, as Excel's server does."""
    (_, version), (_, functions) = installed().settings
    code = _ASKS.format(module=live.__name__, version=version, functions=functions)
    try:
        code_of_exit, output = machine.run(command_line(interpreter, str(workbook), more, code))
    except subprocess.TimeoutExpired:
        return Trial(False, "it did not answer within two minutes")
    except OSError as error:
        return Trial(False, error.strerror or str(error))
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    answer = next((line for line in lines if line.startswith((live.ANSWERS, live.NOT_OK))), "")
    if answer:
        return Trial(answer.startswith(live.ANSWERS), answer)
    return Trial(False, lines[-1] if lines else f"it ended with code {code_of_exit} and said nothing")


def _escaped(text: str) -> str:
    r"""Return a path as xlwings writes it into the line: \ doubled, ' and & with a sign before."""
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("&", "^&")
