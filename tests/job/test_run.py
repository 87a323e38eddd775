"""`partnerkpi run`: what the settings name is read, judged, made, verified and remembered, or nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import months
import pytest
from command import Run, run_here

from partnerkpi.job.history import History
from partnerkpi.verify import verify

SETTINGS = """
[sources]
responses = "exports/responses-*.csv"
partners = "partners.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with settings and the first export."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "responses-1.csv").write_text(months.HEAD + months.Q1, encoding="utf-8")
    (tmp_path / "partners.csv").write_text(months.PARTNERS, encoding="utf-8")
    (tmp_path / "partnerkpi.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def run(folder: Path, *options: str) -> Run:
    """Do the monthly job of a folder, from elsewhere: paths are those seen from the settings."""
    return run_here("run", "--config", folder / "partnerkpi.toml", "--today", "2026-07-01", *options)


def files_of(folder: Path) -> set[str]:
    """Return all files of a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def settings(folder: Path, more: str) -> None:
    """Add to the settings."""
    (folder / "partnerkpi.toml").write_text(SETTINGS + more, encoding="utf-8")


def test_two_runs_one_after_the_other(folder: Path) -> None:
    """The second carries the statuses of the first, compares with it, and never replaces what somebody typed into."""
    first = run(folder, "--format", "json").json
    assert (first["run"], first["workbook"]) == (1, str(folder / "scorecard-2026-03-10.xlsx"))
    assert first["changed"] is None
    book = folder / "scorecard-2026-03-10.xlsx"
    assert verify(book, first["fingerprint"]).sound
    months.type_with_openpyxl(book, book, {("Acme", "ann", "detractor"): ("done", None, "settled")})
    typed = book.read_bytes()
    again = run(folder, "--format", "json").json
    assert again["workbook"] == str(folder / "scorecard-2026-03-10 (2).xlsx")
    assert book.read_bytes() == typed
    (folder / "exports" / "responses-2.csv").write_text(months.HEAD + months.Q2, encoding="utf-8")
    last = run(folder, "--format", "json").json
    assert (last["run"], last["period"], last["statuses_carried"]) == (3, "2026-Q2", 1)
    assert [last["closed_loop"][key] for key in ("done", "calls")] == [
        1,
        9 + len(months.calls_of(Path(last["workbook"]))) - 1,
    ]
    assert last["changed"]["since"] == "scorecard-2026-03-10 (2).xlsx"
    assert last["changed"]["diff"]["late"] == []
    told = months.statuses(Path(last["workbook"]))
    assert told == {("Acme", "ann", "detractor", "answered 2 on 5 Jan 2026"): ("done", None, "settled")}
    diff = run_here("diff", "--config", folder / "partnerkpi.toml", "--format", "json").json
    assert diff == last["changed"]["diff"]
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "runs").iterdir())]
    assert [one["run"] for one in kept] == [1, 2, 3]
    assert kept[-1]["fingerprint"] == last["fingerprint"]
    assert kept[-1]["quality"] == last["quality"]


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    """It says what would be written, with the verdicts."""
    before = files_of(folder)
    told = run(folder, "--dry-run")
    assert told.code == 0, told.err
    assert "would be" in told.out
    assert files_of(folder) == before


@pytest.mark.parametrize(
    ("limits", "invited", "verdict", "words"),
    [
        ("warn = 50", (2, 2, 4), "warn", "225 % of those invited answered: more answers than people invited of "),
        ("warn = 50, fail = 40", (2, 2, 4), "fail", "225 % of those invited answered: more answers than people"),
        (
            "warn = 50",
            (1, 20, 20),
            "warn",
            "43.9 % of those invited answered: more answers than people invited of Acme (",
        ),
        ("warn = 20", (20, 20, 20), "pass", "30 % of those invited answered"),
    ],
)
def test_more_answers_than_people_invited(
    folder: Path, limits: str, invited: tuple[int, int, int], verdict: str, words: str
) -> None:
    """A response rate above 100 %, of all or of one partner, is a finding by any limit: it is no good rate."""
    acme, bolt, cafe = invited
    listed = f"partner,invited_contacts\nAcme,{acme}\nBolt & Co,{bolt}\nCafé Nord,{cafe}\n"
    (folder / "partners.csv").write_text(listed, encoding="utf-8")
    settings(folder, f"[quality]\nresponse_rate = {{ {limits} }}\n")
    page = json.loads(run(folder, "--dry-run", "--format", "json", "--as-of", "2026-03-10").out)
    (found,) = (one for one in page["quality"] if one["rule"] == "response rate")
    assert found["verdict"] == verdict
    assert found["words"].startswith(words)


@pytest.mark.parametrize(
    ("more", "rule", "verdict", "figure"),
    [
        ("duplicate_ids = { fail = 0 }\nids = { responses = 'respondent' }", "unique ids, responses", "fail", 12),
        ("unknown_partners = { fail = 5 }", "unknown partners", "fail", 6),
        ("unknown_partners = { warn = 5, fail = 6 }", "unknown partners", "warn", 6),
        ("set_aside = { fail = 5 }", "set aside, responses", "fail", 100 / 19),
        ("age_days = { warn = 100, fail = 112 }", "age of the data", "fail", 113),
        ("age_days = { fail = 113 }", "age of the data", "pass", 113),
        ("response_rate = { warn = 50, fail = 40 }", "response rate", "warn", 45),
    ],
)
def test_rules_of_quality(folder: Path, more: str, rule: str, verdict: str, figure: float) -> None:
    """Each has its figure, as counted by hand, and passes, warns or fails by the limits; a failed one stops all."""
    answers = months.HEAD + months.Q1.replace("Café Nord,", "Elsewhere,") + "Acme,zoe,2026-03-09,\n"
    (folder / "exports" / "responses-1.csv").write_text(answers, encoding="utf-8")
    listed = "partner,invited_contacts\nAcme,20\nBolt & Co,20\n"
    if rule == "response rate":
        (folder / "exports" / "responses-1.csv").write_text(months.HEAD + months.Q1, encoding="utf-8")
        listed = "partner,invited_contacts\nAcme,10\nBolt & Co,10\nCafé Nord,20\n"
    (folder / "partners.csv").write_text(listed, encoding="utf-8")
    settings(folder, f"[quality]\n{more}\n")
    before = files_of(folder)
    done = run(folder, "--format", "json", "--as-of", "2026-03-10")
    page = json.loads(done.out)
    (found,) = (one for one in page["quality"] if one["rule"] == rule)
    assert found["verdict"] == verdict
    assert found["figure"] == pytest.approx(figure)
    assert done.code == (1 if verdict == "fail" else 0)
    assert (page["stopped"] is not None) == (verdict == "fail")
    if verdict == "fail":
        assert files_of(folder) == before


def test_a_scale_that_the_settings_name(tmp_path: Path) -> None:
    """[sources] scale counts, as --scale does elsewhere; the question that asks for it names this key."""
    rows = "".join(f"Acme,2026-0{1 + number % 6}-10,{1 + number % 5}\n" for number in range(40))
    (tmp_path / "answers.csv").write_text(f"partner,date,score\n{rows}", encoding="utf-8")
    named = '[sources]\nresponses = "answers.csv"\n'
    (tmp_path / "partnerkpi.toml").write_text(named, encoding="utf-8")
    asked = run(tmp_path, "--dry-run")
    assert (asked.code, "--scale" in asked.err) == (1, False)
    assert '[sources] scale = "1-5"' in asked.err
    (tmp_path / "partnerkpi.toml").write_text(f'{named}scale = "1-5"\n', encoding="utf-8")
    assert run(tmp_path, "--dry-run", "--format", "json").json["period"] == "2026-Q2"


def test_other_commands_take_the_files_of_the_settings(folder: Path) -> None:
    """Named once, they need not be named again; a file that is named wins."""
    settings = ("--config", folder / "partnerkpi.toml", "--format", "json")
    named = [folder / "exports" / "responses-1.csv", "--partners", folder / "partners.csv"]
    for command in ("compare", "actions"):
        taken, given = run_here(command, *settings), run_here(command, *named, *settings)
        assert taken.json == given.json
        assert ("are those of [sources]" in taken.err, "[sources]" in given.err) == (True, False)


def test_it_stops_at_the_first_question(folder: Path) -> None:
    """What the data do not show is asked, with exit 2, before anything is written."""
    (folder / "odd.csv").write_text("name,what\nx,1\n", encoding="utf-8")
    (folder / "partnerkpi.toml").write_text(f"{SETTINGS}files = 'odd.csv'\n", encoding="utf-8")
    before = files_of(folder)
    done = run(folder)
    assert done.code == 2
    assert "odd.csv" in done.err
    assert files_of(folder) == before


def test_packs_and_drafts_as_the_settings_say(folder: Path) -> None:
    """A workbook for each partner, a draft for each person of the table; whom none is for is said."""
    (folder / "people.csv").write_text(
        "address,name,partner\nana@example.com,Ana,\nbo@example.com,Bo,Acme\nmo@example.com,Mo,Nobody\n",
        encoding="utf-8",
    )
    settings(
        folder,
        '[run]\nworkbook = "books/{period}.xlsx"\npacks = "packs/{period}"\ndrafts = "drafts/{as_of}"\n'
        'recipients = "people.csv"\nkeep = "memory"\n',
    )
    page = run(folder, "--format", "json").json
    new = {name for name in files_of(folder) if name.partition("/")[0] in ("books", "packs", "drafts", "memory")}
    assert new == {
        "books/2026-Q1.xlsx",
        *(f"packs/2026-Q1/{name}.xlsx" for name in ("Acme", "Bolt & Co", "Café Nord")),
        "drafts/2026-03-10/ana@example.com.eml",
        "drafts/2026-03-10/bo@example.com Acme.eml",
        "memory/0001-2026-Q1.json",
    }
    assert page["drafts"]["drafts"] == 2
    assert any("mo@example.com" in note for note in page["drafts"]["notes"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no files"),
        (f"{SETTINGS}[run]\nworkbook = '{{month}}.xlsx'\n", "places to fill in are {period} and {as_of}"),
        (f"{SETTINGS}[run]\ndrafts = 'drafts'\n", "run.drafts needs run.recipients"),
        (f"{SETTINGS}[quality.ids]\nresponses = 'ticket'\n", "has no such column"),
        (f"{SETTINGS}[quality]\nage_days = 30\n", "quality.age_days"),
        ("[sources]\nresponse = 'x.csv'\n", "did you mean 'responses'"),
    ],
)
def test_settings_that_do_not_do(folder: Path, text: str, says: str) -> None:
    """The key that is wrong is named, and nothing is written."""
    (folder / "partnerkpi.toml").write_text(text, encoding="utf-8")
    before = files_of(folder)
    done = run(folder)
    assert done.code == 2
    assert says in done.err
    assert files_of(folder) == before


def test_a_workbook_that_is_gone_is_asked_for(folder: Path) -> None:
    """What was typed into it would be lost: it is put back, another is named, or the run begins anew."""
    page: dict[str, Any] = run(folder, "--format", "json").json
    Path(page["workbook"]).unlink()
    lost = run(folder)
    assert lost.code == 1
    assert "--anew" in lost.err
    assert run(folder, "--anew").code == 0


def test_a_run_that_ended_before_it_was_remembered_is_done_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it wrote is whole, and the next run writes the same in its place; see `killing.py` for any moment."""

    def ends(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(History, "remember", ends)
        assert run(folder).code == 1
    (book,) = folder.glob("*.xlsx")
    assert verify(book).sound
    done = run(folder, "--format", "json").json
    assert (done["run"], done["workbook"]) == (1, str(book))
    assert [path.name for path in folder.glob("*.xlsx")] == [book.name]
