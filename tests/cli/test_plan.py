"""`partnerkpi plan`: who was asked too recently, what is likely to come, and the file that a survey tool imports."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from command import run_here

from partnerkpi.kpi.planning import answers_for_interval, coming, expected_shares
from partnerkpi.kpi.scores import ScoreTally


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return two quarters of answers of two partners, the list of partners, and people who can be invited."""
    rows = ["partner,respondent,date,score"]
    for quarter, month in enumerate((4, 7)):
        scores = (9, 10, 3, 8)[quarter:] + (9,) * quarter
        rows += [f"Acme,a{n}@example.com,2026-{month:02d}-{15 + n},{scores[n % 4]}" for n in range(12)]
        rows += [f"Bolt,b{n}@example.com,2026-{month:02d}-20,{'' if n == 3 else 9}" for n in range(4)]
    rows.append("Acme,,2026-09-30,")
    contents = {
        "responses": "\n".join(rows) + "\n",
        "partners": "partner,invited_contacts,annual_value,last_invited\nAcme,30,10,\nBolt,8,900,\n"
        "Corvane,5,,2026-09-20\nDune,,,\n",
        "people": "E-mail,First name,Last name,Partner,Language,Last invited\n"
        "A1@example.com,Ana,Ruiz,acme,es,\na20@example.com,Al,,Acme,,\nb0@example.com,Bo,Ek,Bolt,,2026-09-30\n"
        "b9@example.com,=Bea,Ott,Bolt,Deutsch,2026-01-02\nnobody@,X,Y,Bolt,,\nz@example.com,Z,Z,Zed,,\n"
        "a20@example.com,Al,,Acme,,\n",
    }
    for name, text in contents.items():
        tmp_path.joinpath(f"{name}.csv").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.csv" for name in contents}


def _rows(*arguments: str | Path) -> dict[str | None, dict[str, Any]]:
    found = run_here("plan", *arguments, "--format", "json", "--quiet").json
    return {row["group"].get("partner"): row for row in found["rows"]}


def test_each_partner_and_the_whole(files: dict[str, Path]) -> None:
    """A row has what follows from the partner's own answers and people together with ten of everybody's."""
    rows = _rows(files["partners"], files["responses"], "--points", "20")
    assert list(rows) == [None, "Bolt", "Acme", "Corvane", "Dune"]  # worth most first
    everybody, own = ScoreTally(6, 6, 12 + 6), ScoreTally(6, 6, 12)
    acme = rows["Acme"]
    assert acme["answers_for_points"] == answers_for_interval(20, expected_shares(own, everybody), population=30)
    came = coming(30, (24, 60), (24 + 6, 60 + 16 + 10))
    assert came is not None
    assert (acme["expected"], acme["response_rate"]) == (pytest.approx(came.mean), pytest.approx(came.rate))
    assert acme["chance_for_points"] == pytest.approx(came.at_least(acme["answers_for_points"]))
    assert (acme["last_answers"], acme["contacts"], acme["to_invite"]) == (12, 30, 30)
    assert rows["Dune"]["invite"] == "contacts not known"
    assert rows["Dune"]["expected"] is None
    parts = [row for name, row in rows.items() if name and row["expected"] is not None]
    assert rows[None]["expected"] == pytest.approx(sum(row["expected"] for row in parts))
    assert rows[None]["to_invite"] == sum(row["to_invite"] for row in parts)


def test_who_was_asked_too_recently(files: dict[str, Path]) -> None:
    """Whoever stands in the answers in the days before rests, without an answer too; a partner's day counts for all.

    The survey goes out as far into the quarter as the last: 15 July, so 15 October; 92 to 80 days after those answers.
    """
    found = run_here("plan", files["partners"], files["responses"], "--format", "json", "--quiet").json
    assert found["day"] == "2026-10-15"
    rows = _rows(files["partners"], files["responses"], "--rest-days", "88")
    assert (rows["Acme"]["asked_recently"], rows["Acme"]["to_invite"]) == (7, 23)  # from 20 July on
    assert (rows["Bolt"]["asked_recently"], rows["Bolt"]["to_invite"]) == (4, 4)
    assert rows["Corvane"]["invite"] == "asked too recently"
    assert rows["Corvane"]["invite_from"] == "2026-12-17"
    assert (
        _rows(files["partners"], files["responses"], "--on", "2026-12-17", "--rest-days", "88")["Corvane"]["to_invite"]
        == 5
    )
    assert _rows(files["partners"], files["responses"], "--rest-days", "0")[None]["asked_recently"] == 0


@pytest.mark.parametrize(
    ("layout", "rows"),
    [
        (
            "plain",
            [
                ["email", "first_name", "last_name", "language", "partner"],
                ["b9@example.com", "'=Bea", "Ott", "de", "Bolt"],
                ["A1@example.com", "Ana", "Ruiz", "es", "Acme"],
                ["a20@example.com", "Al", "", "en", "Acme"],
            ],
        ),
        (
            "qualtrics",
            [
                ["Email", "FirstName", "LastName", "Language", "Partner"],
                ["b9@example.com", "'=Bea", "Ott", "DE", "Bolt"],
                ["A1@example.com", "Ana", "Ruiz", "ES-ES", "Acme"],
                ["a20@example.com", "Al", "", "EN", "Acme"],
            ],
        ),
        (
            "limesurvey",
            [
                ["firstname", "lastname", "email", "language", "attribute_1"],
                ["'=Bea", "Ott", "b9@example.com", "de", "Bolt"],
                ["Ana", "Ruiz", "A1@example.com", "es", "Acme"],
                ["Al", "", "a20@example.com", "en", "Acme"],
            ],
        ),
    ],
)
def test_the_file_to_import(files: dict[str, Path], tmp_path: Path, layout: str, rows: list[list[str]]) -> None:
    """It has the tool's columns, none of them empty, and everybody who may be asked, the partners worth most first."""
    target = tmp_path / "invite.csv"
    made = run_here(
        *("plan", files["partners"], files["responses"], "--contacts", files["people"]),
        *("-o", target, "--layout", layout, "--format", "json"),
    )
    with target.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == rows
    told = json.loads(made.out)
    assert "4 of 7 rows used" in told["notes"][0]
    for reason in ("1 listed twice", "1 partner not on the list", "1 no address that can be written to"):
        assert reason in told["notes"][0]
    by_partner = {row["group"].get("partner"): row for row in told["rows"]}
    assert (by_partner["Bolt"]["contacts"], by_partner["Bolt"]["to_invite"]) == (2, 1)
    assert "3 people to invite are in" in made.err


def test_who_answered_rests_whatever_the_case(files: dict[str, Path], tmp_path: Path) -> None:
    """A1@example.com is a1@example.com of the answers: asked on 16 July, so not again within 100 days."""
    target = tmp_path / "invite.csv"
    given = ("plan", files["partners"], files["responses"], "--contacts", files["people"], "-o", target)
    assert run_here(*given, "--rest-days", "100").code == 0
    text = target.read_text(encoding="utf-8")
    assert "A1@example.com" not in text
    assert "a20@example.com" in text


def test_the_list_of_partners_alone(files: dict[str, Path]) -> None:
    """Without answers the needs are those of an assumed survey, which is said; nothing is foretold."""
    made = run_here("plan", files["partners"])
    assert made.code == 0
    assert "a quarter detractors" in made.err
    assert "--on DATE" in made.err
    rows = _rows(files["partners"])
    assert rows["Acme"]["answers_for_points"] == answers_for_interval(
        10, expected_shares(ScoreTally(), ScoreTally()), population=30
    )
    assert rows["Acme"]["expected"] is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("-o", "invite.csv"), "--contacts"),
        (("--layout", "plain"), "-o FILE"),
        (("--points", "0"), "--points 0 is not above 0 and at most 100"),
        (("--change", "201"), "--change 201"),
        (("--rest-days=-1",), "--rest-days -1 is below 0"),
        (("--on", "soon"), "--on 'soon' is not a day"),
    ],
)
def test_no_such_plan(files: dict[str, Path], more: tuple[str, ...], said: str) -> None:
    """What cannot be is one line that says why."""
    made = run_here("plan", files["partners"], *more)
    assert made.code == 2
    assert said in made.err
    assert len(made.err.splitlines()) == 1


def test_contacts_without_addresses(files: dict[str, Path]) -> None:
    """A table without addresses, or without partners, is no list of contacts; an input is never written to."""
    made = run_here("plan", files["partners"], "--contacts", files["partners"])
    assert (made.code, "no column holds addresses" in made.err) == (1, True)
    over = run_here("plan", files["partners"], "--contacts", files["people"], "-o", files["people"])
    assert over.code == 1
    assert "would be lost" in over.err
