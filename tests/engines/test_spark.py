"""DataFrames of Spark: taken like files, counted by the cluster without a task that gets all rows."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import engines
import pytest

import partnerkpi
from partnerkpi.errors import EngineProblem, UsageError

#: Spark takes long to start; what it is asked here, PostgreSQL and DuckDB are asked in the quick run.
pytestmark = pytest.mark.thorough


def test_a_frame(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A frame is counted in UTC whatever the session's zone; its types are told as they are, its errors in one line.

    One test, so that one process of a run has a Java.
    """
    session = engines.spark()
    frame = session.sql(
        "SELECT * FROM VALUES ('Acme', 'ann', TIMESTAMP '2025-12-31 21:00:00-05:00', 9.0BD, map('a', 1)), "
        "('Acme', 'ann', TIMESTAMP '2026-01-02 00:00:00Z', 3.5BD, map('b', 2)), "
        "('Bolt', 'bob', TIMESTAMP '2026-11-01 05:30:00Z', 7.0BD, NULL), ('Bolt', NULL, NULL, NULL, NULL) "
        "AS answers(partner, respondent, date, nps, more)"
    )
    result = partnerkpi.nps(frame, by=["partner"], period="quarter")
    counted = {(row["group"].get("partner"), row["period"]): row["responses"] for row in result.rows}
    assert counted[None, None] == 2
    assert (counted["Acme", "2026-Q1"], counted["Bolt", "2026-Q4"]) == (1, 1)
    assert result.provenance["set_aside"] == {"blank score": 1, "duplicate respondent": 1}
    (origin,) = result.provenance["origins"]
    assert (origin["name"], origin["engine"]) == ("Spark DataFrame", f"Spark {session.version}")
    assert any("cache() it first" in note for note in result.notes)
    assert not any("cache()" in note for note in partnerkpi.nps(frame.cache()).notes)
    frame.unpersist()
    assert not [table.name for table in session.catalog.listTables() if table.name.startswith("partnerkpi")]

    several = session.sql(
        "SELECT * FROM VALUES ('p1', 'Would you recommend us?', 9), ('p1', 'Was it easy?', 1), "
        "('p2', 'Would you recommend us?', 3), ('p2', 'Was it easy?', 1) AS long(email, question, score)"
    )
    result = partnerkpi.nps(several)
    assert (result.whole["responses"], result.whole["nps"]) == (2, 0.0)
    assert result.provenance["set_aside"] == {"answer to another question": 2}

    with pytest.raises(UsageError, match=r"'more' .* is of type map<string,int>, which cannot be counted"):
        partnerkpi.nps(frame, score="more")
    with pytest.raises(UsageError, match=r"has no column 'partnr'\. Did you mean 'partner'\?"):
        partnerkpi.nps(frame, by=["partnr"])
    variant = session.sql("""SELECT 9 AS nps, parse_json('{"a": 1}') AS region""")
    with pytest.raises(UsageError, match=r"'region' .* is of type variant, which cannot be counted"):
        partnerkpi.nps(variant, score="region")
    assert partnerkpi.nps(variant).whole["responses"] == 1
    with pytest.raises(UsageError, match="two columns 'nps' and 'NPS', which are one to Spark: rename one"):
        partnerkpi.nps(session.sql("SELECT 1 AS nps, 2 AS NPS"))
    with pytest.raises(EngineProblem, match=r"^Spark cannot answer \(.*DIVIDE_BY_ZERO.*\)$") as error:
        partnerkpi.nps(session.sql("SELECT id / (id - id) AS nps, 'Acme' AS partner FROM range(9)"))
    assert "\n" not in str(error.value)
    with pytest.raises(UsageError, match="make one view of both"):
        partnerkpi.nps([frame, frame])

    for number in range(2):
        session.range(3).selectExpr("id AS nps", "'Acme' AS partner").write.parquet(str(tmp_path / str(number)))
    gone = session.read.parquet(str(tmp_path / "0"), str(tmp_path / "1"))
    shutil.rmtree(tmp_path / "0")
    with pytest.raises(EngineProblem, match=r"files of it are gone: read it again$") as error:
        partnerkpi.nps(gone)
    assert "\n" not in str(error.value)

    monkeypatch.setitem(sys.modules, "partnerkpi.tables.dialects", None)
    with pytest.raises(EngineProblem, match=r"pip install \"sqlglot>=30\.30,<31\"$"):
        partnerkpi.nps(frame)
