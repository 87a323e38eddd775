"""Whether the reader did right by a file."""

from __future__ import annotations

import atexit
from pathlib import Path

from partnerkpi.errors import PartnerKpiError
from partnerkpi.results.checkup import check_table
from partnerkpi.results.result import Question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.helper import Helper
from partnerkpi.tables.read import read_each
from partnerkpi.tables.workspace import Workspace

_LIMITS = Limits(megabytes=1024, seconds=60)
#: One helper serves all files, as long as it lives: starting one for each would take most of the time.
_HELPER = Helper(_LIMITS)
atexit.register(_HELPER.stop)


def judge(path: Path) -> str:
    """Return "read" or "refused", or what went wrong."""
    try:
        workspace = Workspace(_LIMITS)
        workspace.helper = _HELPER
        try:
            for number, table in enumerate(read_each(workspace, str(path))):
                if number > 2:  # the first tables of a workbook have met everything
                    break
                workspace.engine.query(table.numbered.sql)
                if number:
                    continue
                found = check_table(table, Columns(table.profiles, table.label), Question())
                if found.ledger.rows_read != found.ledger.rows_used + sum(found.ledger.set_aside.values()):
                    return "rows do not add up"
        finally:
            workspace.engine.close()
            if workspace._folder is not None:
                workspace._folder.remove()
    except PartnerKpiError as error:
        if not str(error).strip() or "\n" in str(error).strip():
            return f"a message of several lines: {error!r}"
        return "ended the helper" if "ended the process" in str(error) else "refused"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:120]}"
    return "read"
