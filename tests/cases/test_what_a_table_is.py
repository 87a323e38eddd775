"""What a table is: it is counted as answers, activities, customers or partners only where its columns show it."""

from __future__ import annotations

import json
from pathlib import Path

from command import run_here


def test_a_question_is_json_too_and_check_lists_all(tmp_path: Path) -> None:
    """Whoever asked for JSON gets the question as JSON; `check` goes on after the first one."""
    source = tmp_path / "answers.csv"
    source.write_text("nps,score,partner,reseller name,date\n9,8,A,B,3/4/2026\n2,3,B,A,5/6/2026\n", encoding="utf-8")
    stopped = run_here("nps", source, "--format", "json", "--by", "partner")
    assert stopped.code == 2
    (question,) = json.loads(stopped.out)["questions"]
    assert "--score COLUMN" in question
    assert question in stopped.err
    (found,) = run_here("check", source, "--format", "json").json["tables"]
    asked = found["questions"]
    assert any("'nps', 'score'" in one and "--score COLUMN" in one for one in asked)
    assert any("--day-first" in one for one in asked)
