"""What goes wrong in Spark is said in one line: what it said itself, what that means, what to do."""

from __future__ import annotations

from typing import Any

import pytest

from partnerkpi.errors import EngineProblem
from partnerkpi.tables.spark import Spark

pytest.importorskip("pyspark")
pytest.importorskip("sqlglot")


class Broken:
    """A session whose queries all fail in one way; some only when their rows are fetched."""

    version = "4.0.0"

    def __init__(self, error: Exception, *, late: bool) -> None:
        self._error, self._late = error, late

    def sql(self, _: str) -> Any:
        if not self._late:
            raise self._error
        return self

    def collect(self) -> Any:
        raise self._error

    toLocalIterator = collect  # noqa: N815 - as Spark calls it


def spark(text: str) -> Exception:
    """Return an error of Spark, of as many lines as it comes with."""
    from pyspark.errors import PySparkException

    return PySparkException(text)


def network() -> Exception:
    from py4j.protocol import Py4JNetworkError

    return Py4JNetworkError("Answer from Java side is empty")


TRACE = "\n\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2856)\n"
LOST = "the connection was lost: connect again"
LATE = "it took longer than the connection allows: raise its time-out"
MAY_NOT = "you may not read it"
GONE = "files of it are gone: read it again"


@pytest.mark.parametrize("late", [False, True], ids=["at once", "when fetched"])
@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (network(), LOST),
        (ConnectionRefusedError(111, "Connection refused"), LOST),
        (ConnectionResetError(104, "Connection reset by peer"), LOST),
        (spark("<_MultiThreadedRendezvous of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE"), LOST),
        (
            spark("<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.DEADLINE_EXCEEDED"),
            "time-out",
        ),
        (spark("[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid."), "the session was closed: begin another"),
        (spark("Cannot call methods on a stopped SparkContext." + TRACE), "the session was stopped: begin another"),
        (spark("[OPERATION_CANCELED] Operation has been canceled." + TRACE), "longer than the cluster allows"),
        (spark("Job 7 cancelled part of cancelled job group 3" + TRACE), "longer than the cluster allows"),
        (spark("[INSUFFICIENT_PERMISSIONS] Insufficient privileges: SELECT on kpi.answers" + TRACE), MAY_NOT),
        (spark("org.apache.hadoop.security.AccessControlException: Permission denied: user=ann" + TRACE), MAY_NOT),
        (spark("[TABLE_OR_VIEW_NOT_FOUND] The table `kpi`.`answers` cannot be found." + TRACE), "it is gone"),
        (spark("[FAILED_READ_FILE.FILE_NOT_EXIST] Encountered error while reading file x.parquet" + TRACE), GONE),
        (spark("Job aborted: java.lang.OutOfMemoryError: Java heap space" + TRACE), "short of memory"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_errors(error: Exception, meaning: str, late: bool) -> None:
    """An error has one line: the first that Spark said, and what it means."""
    backend = Spark(Broken(error, late=late))
    for ask in (backend.query, lambda sql: list(backend.stream(sql))):
        with pytest.raises(EngineProblem) as found:
            ask("SELECT 1 AS one")
        text = str(found.value)
        assert text.startswith("Spark cannot answer (")
        assert meaning in text.rpartition("): ")[2]
        assert "\n" not in text
        assert "DAGScheduler" not in text


def test_what_is_not_known() -> None:
    """Of an error that is not known it is said what Spark said, and nothing is made up."""
    with pytest.raises(EngineProblem) as found:
        Spark(Broken(spark("[DIVIDE_BY_ZERO] Division by zero." + TRACE), late=True)).query("SELECT 1 AS one")
    assert str(found.value) == "Spark cannot answer ([DIVIDE_BY_ZERO] Division by zero.)"


def test_what_is_not_of_spark() -> None:
    """An error of another kind is none of Spark's: it is not called so."""
    with pytest.raises(ZeroDivisionError):
        Spark(Broken(ZeroDivisionError(), late=True)).query("SELECT 1 AS one")
