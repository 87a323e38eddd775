"""Exports of survey tools are told by their content: names, score, comment, date, respondent, rows that are no answers.

Layouts that were tried on real files are in test_shared_files; these are the documented ones.
"""

import csv
from pathlib import Path

import pytest

from partnerkpi.errors import FileProblem, UsageError
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.read import read_table
from partnerkpi.tables.surveys import TOOLS
from partnerkpi.tables.table import Table
from partnerkpi.tables.tools import NAMES
from partnerkpi.tables.workspace import Workspace

WHY = ["quick and friendly answers", "slow to react, sadly", "it does what it should do", "great people at work there"]
ASK = "How likely are you to recommend us as a partner?"


def write(path: Path, *rows: list[object]) -> Path:
    """Write rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def table(columns: dict[str, list[object]], *, above: list[list[object]] | None = None) -> list[list[object]]:
    """Return the rows of an export: names, other rows of names, values."""
    return [list(columns), *(above or []), *map(list, zip(*columns.values(), strict=True))]


def understood(path: Path, tool: str | None = None) -> tuple[Table, dict[str, str | None]]:
    """Return a table and the columns of its roles."""
    with Workspace(tool=tool) as workspace:
        found = read_table(workspace, [str(path)])
        columns = Columns(found.profiles, found.label)
        roles = ("score", "comment", "date", "respondent")
        return found, {role: columns.get(role) for role in roles}


EXPORTS: dict[str, tuple[list[list[object]], dict[str, str | None], dict[str, int]]] = {
    "qualtrics": (
        table(
            {
                "StartDate": ["2026-07-01 10:00:00"] * 6,
                "Status": [0, 1, 0, 8, 0, "Survey Preview"],
                "Finished": [1, 1, 0, 1, 1, 1],
                "RecordedDate": [f"2026-07-0{n} 10:05:00" for n in range(1, 7)],
                "RecipientEmail": [f"p{n}@example.com" for n in range(6)],
                "Q1": [9, 10, 3, 0, 7, 10],
                "Q1_NPS_GROUP": ["Promoter", "Promoter", "Detractor", "Detractor", "Passive", "Promoter"],
                "Q2": [*WHY, "nothing to say about it", "a last one comes here"],
                "Region": ["EMEA", "APAC"] * 3,
            },
            above=[
                ["Start", "Antworttyp", "Beendet", "Erfasst", "E-Mail", ASK, f"{ASK} - Group", "Why?", "Region"],
                [f'{{"ImportId":"{i}"}}' for i in ("s", "st", "f", "r", "e", "QID1", "QID1_G", "QID2_TEXT", "Region")],
            ],
        ),
        {"score": "Q1", "comment": "Q2", "date": "RecordedDate", "respondent": "RecipientEmail"},
        {"preview or test answer": 2, "not finished": 1, "marked as spam": 1},
    ),
    "surveymonkey": (
        table(
            {
                "Respondent ID": ["", 11, 12, 13, 14],
                "Date Created": ["", *(f"07/{n}/2026 10:00:00 AM" for n in (13, 14, 15, 16))],
                ASK: ["", "10 - Extremely likely", 7, "Not at all likely - 0", 9],
                "What is the reason for your score?": ["Open-Ended Response", *WHY],
                "What do you use?": ["Deals", "Deals", "", "Deals", ""],
                "": ["Portal", "", "Portal", "", ""],
            }
        ),
        {
            "score": ASK,
            "comment": "What is the reason for your score?",
            "date": "Date Created",
            "respondent": "Respondent ID",
        },
        {},
    ),
    "typeform": (
        table(
            {
                "#": ["a", "b", "c", "d"],
                f"*{ASK}*": [9, 10, 3, 7],
                "<strong>Why?</strong>": WHY,
                "Response Type": ["completed", "completed", "partial", "completed"],
                "Start Date (UTC)": ["2026-07-01 10:00:00"] * 4,
                "Submit Date (UTC)": [f"2026-07-0{n} 10:05:00" for n in range(1, 5)],
                "Network ID": ["x1", "x2", "x3", "x4"],
            }
        ),
        {"score": ASK, "comment": "Why?", "date": "Submit Date (UTC)", "respondent": None},
        {"not finished": 1},
    ),
    "google-forms": (
        table(
            {
                "Zeitstempel": [f"2026/07/0{n} 1:39:58 PM GMT+2" for n in range(1, 5)],
                "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?": [9, 10, 3, 7],
                "Warum?": WHY,
            }
        ),
        {
            "score": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
            "comment": "Warum?",
            "date": "Zeitstempel",
            "respondent": None,
        },
        {},
    ),
    "survicate": (
        table(
            {
                "Date": ["", *(f"2026-07-0{n}" for n in range(1, 5))],
                "Email": ["", *(f"p{n}@example.com" for n in range(4))],
                ASK: ["Score", 9, 10, 3, 7],
                "": ["Label", "Promoter", "Promoter", "Detractor", "Passive"],
                "Why?": ["Answer", *WHY],
            }
        ),
        {"score": f"{ASK} - Score", "comment": "Why? - Answer", "date": "Date", "respondent": "Email"},
        {},
    ),
    "delighted": (
        table(
            {
                "Email": [f"p{n}@example.com" for n in range(4)],
                "Survey Type": ["nps", "nps", "csat", "nps"],
                "Score": [9, 10, 3, 7],
                "Comment": WHY,
                "Permalink": ["r/1", "r/2", "r/3", "r/4"],
                "Created At": [1713418460, 1713418461, 1713418462, 1713418463],
            }
        ),
        {"score": "Score", "comment": "Comment", "date": "Created At", "respondent": "Email"},
        {"answer to another kind of question": 1},
    ),
    "retently": (
        table(
            {
                "Email": [f"p{n}@example.com" for n in range(4)],
                "Company Name": ["Acme", "Bolt", "Acme", "Bolt"],
                "Campaign Name": ["Q3"] * 4,
                "Score": [9, 10, 3, 7],
                "Feedback": WHY,
                "Created Date": [f"2026-07-0{n}" for n in range(1, 5)],
            }
        ),
        {"score": "Score", "comment": "Feedback", "date": "Created Date", "respondent": "Email"},
        {},
    ),
    "asknicely": (
        table(
            {
                "response_id": [1, 2, 3, 4],
                "email": [f"p{n}@example.com" for n in range(4)],
                "answer": [9, 10, 3, 7],
                "answer_label": ["Promoter", "Promoter", "Detractor", "Passive"],
                "comment": WHY,
                "responded": [1790769600, 1790769601, 1790769602, 1790769603],
                "question_type": ["nps", "nps", "5star", "nps"],
            }
        ),
        {"score": "answer", "comment": "comment", "date": "responded", "respondent": "email"},
        {"answer to another kind of question": 1},
    ),
    "hubspot": (
        table(
            {
                "Survey Name": ["Partners"] * 4,
                "Survey Type": ["NPS", "NPS", "CES", "NPS"],
                "Rating": [9, 10, 3, 7],
                "Sentiment": ["Promoter", "Promoter", "Detractor", "Passive"],
                "Follow up response": WHY,
                "Contact email": [f"p{n}@example.com" for n in range(4)],
                "Submission timestamp": [f"2026-07-0{n}T10:00:00Z" for n in range(1, 5)],
            }
        ),
        {
            "score": "Rating",
            "comment": "Follow up response",
            "date": "Submission timestamp",
            "respondent": "Contact email",
        },
        {"answer to another kind of question": 1},
    ),
    "zendesk": (
        table(
            {
                "rating": [9, 10, 3, 7],
                "comment": WHY,
                "rated_at": [f"2026-07-0{n}T00:00:00-07:00" for n in range(1, 5)],
                "user_email": [f"p{n}@example.com" for n in range(4)],
                "survey_name": ["Q3"] * 4,
            }
        ),
        {"score": "rating", "comment": "comment", "date": "rated_at", "respondent": "user_email"},
        {},
    ),
    "microsoft-forms": (
        table(
            {
                "ID": [1, 2, 3, 4],
                "Start time": ["7/13/26 10:00:00"] * 4,
                "Completion time": [f"7/{n}/26 10:02:00" for n in (13, 14, 15, 16)],
                "Email": ["anonymous", "anonymous", "anonymous", "p3@example.com"],
                "Name": ["", "", "", "Dana"],
                ASK: [9, 10, 3, 7],
                "Why?": WHY,
            }
        ),
        {"score": ASK, "comment": "Why?", "date": "Completion time", "respondent": "Email"},
        {},
    ),
    "limesurvey": (
        table(
            {
                "id. Response ID": [1, 2, 3, 4],
                "submitdate. Date submitted": ["2026-07-01 10:00:00", "2026-07-02 10:00:00", "", "2026-07-04 10:00:00"],
                "lastpage. Last page": [2, 2, 1, 2],
                "startlanguage. Start language": ["en"] * 4,
                f"Q1. {ASK}": [9, 10, 3, 7],
                "Q2. Why?": WHY,
            }
        ),
        {
            "score": f"Q1. {ASK}",
            "comment": "Q2. Why?",
            "date": "submitdate. Date submitted",
            "respondent": None,
        },
        {"not finished": 1},
    ),
}


@pytest.mark.parametrize("tool", NAMES)
def test_each_tool(tmp_path: Path, tool: str) -> None:
    """An export is recognised, its columns are found, and rows that are no answers are set aside with the reason."""
    rows, roles, aside = EXPORTS[tool]
    path = write(tmp_path / "any name.csv", *rows)
    found, recognised = understood(path)
    assert found.parts[0].tool is not None
    assert found.parts[0].tool.casefold().replace(" ", "-") == tool
    assert recognised == roles
    assert dict(found.aside) == aside
    assert understood(path, tool)[1] == roles


def test_names_of_tools_are_those_of_the_modules() -> None:
    """`--as` takes exactly the tools that there are."""
    assert tuple(TOOLS) == NAMES


def test_below_a_title(tmp_path: Path) -> None:
    """A title and a blank line above the rows of names change nothing."""
    rows, roles, _ = EXPORTS["zendesk"]
    assert understood(write(tmp_path / "a.csv", ["NPS of Q3"], [], *rows))[1] == roles


def test_another_tool_by_hand(tmp_path: Path) -> None:
    """`--as` of a tool that the file is not from is refused; `--as table` reads it as an ordinary table."""
    path = write(tmp_path / "a.csv", *EXPORTS["typeform"][0])
    with pytest.raises(FileProblem, match="no export of qualtrics"):
        understood(path, "qualtrics")
    plain, _ = understood(path, "table")
    assert plain.parts[0].tool is None
    assert dict(plain.aside) == {}
    with pytest.raises(UsageError, match=r"--as excel.*qualtrics"):
        understood(path, "excel")


def test_anonymous_is_nobody(tmp_path: Path) -> None:
    """Three people who answered anonymously are not one person who answered three times."""
    found, _ = understood(write(tmp_path / "a.csv", *EXPORTS["microsoft-forms"][0]))
    assert "anonymous" not in found.kind_of("Email").distinct


@pytest.mark.parametrize("name", ["partner.csv", "answers.csv", "names.csv"])
def test_ordinary_tables_are_of_no_tool(tmp_path: Path, name: str) -> None:
    """A table of one's own is not taken for an export, also with a score and a comment in it."""
    tables = {
        "partner.csv": table({"partner": ["A", "B"], "score": [9, 3], "comment": ["good one", "bad"]}),
        "answers.csv": table({"Timestamp": ["2026-07-01", "2026-07-02"], "score": [9, 3]}),
        "names.csv": table({"id": [1, 2], "name": ["A", "B"], "email": ["a@b.co", "c@d.co"]}),
    }
    assert understood(write(tmp_path / name, *tables[name]))[0].parts[0].tool is None


def test_a_repeated_header_is_no_second_row_of_names(tmp_path: Path) -> None:
    """A table of score and comment below a title, or with its header again, is no export with two rows of names."""
    rows = table({"score": [9, 3, "score", 7], "comment": ["good one", "bad", "comment", "so so"]})
    found, _ = understood(write(tmp_path / "a.csv", ["Survey Q3"], *rows))
    assert found.parts[0].tool is None
    assert dict(found.aside) == {"repeated header": 1}
