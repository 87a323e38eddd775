"""Whether the reader did right by a file."""

from __future__ import annotations

import atexit
from pathlib import Path

from partnerkpi.errors import PartnerKpiError
from partnerkpi.results.checkup import check_table
from partnerkpi.results.result import Question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.isolated import Reader
from partnerkpi.tables.read import Workspace

_LIMITS = Limits(megabytes=1024, seconds=60)
#: One helper serves all files, as long as it lives: starting one for each would take most of the time.
_READER = Reader(_LIMITS)
atexit.register(_READER.stop)


def judge(path: Path) -> str:
    """Return "read" or "refused", or what went wrong."""
    try:
        workspace = Workspace(_LIMITS)
        workspace._reader = _READER
        try:
            for number, table in enumerate(workspace.candidates(str(path))):
                if number > 2:  # the first tables of a workbook have met everything
                    break
                table.numbered().fetchall()
                if number:
                    continue
                found = check_table(table, Columns(table.profiles, table.label), Question())
                if found.ledger.rows_read != found.ledger.rows_used + sum(found.ledger.set_aside.values()):
                    return "rows do not add up"
        finally:
            if workspace._connection is not None:
                workspace._connection.close()
            if workspace._folder is not None:
                workspace._folder.cleanup()
    except PartnerKpiError as error:
        if not str(error).strip() or "\n" in str(error).strip():
            return f"a message of several lines: {error!r}"
        return "ended the helper" if "ended the process" in str(error) else "refused"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:120]}"
    return "read"
