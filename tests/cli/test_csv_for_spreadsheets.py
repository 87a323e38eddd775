"""CSV that nobody's spreadsheet program runs: every command's output and the files of rows, in three separators."""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path

import pytest
from command import run_here
from injected import cells_that_run, formulas_in_libreoffice, injected
from sampled import one_in

from partnerkpi.csvtext import ShieldedWriter, shielded, unshielded
from partnerkpi.vocabulary import same_name

#: How many texts are tried in the suite; by hand: 2,000.
COUNT = 60
_COMMANDS = (
    ("nps", "answers.csv", "--by", "partner", "--by", "region", "--set-aside", "nps-aside.csv"),
    ("nps", "answers.csv", "--by", "partner", "--themes", "--set-aside", "themes-aside.csv"),
    ("advocacy", "activities.csv", "--partners", "partners.csv", "--by", "tier", "--set-aside", "advocacy-aside.csv"),
    ("retention", "customers.csv", "--by", "partner", "--period", "quarter", "--set-aside", "retention-aside.csv"),
    ("scorecard", "answers.csv", "activities.csv", "customers.csv", "partners.csv", "-o", "card.xlsx"),
    ("alerts", "answers.csv", "activities.csv", "customers.csv", "partners.csv"),
    ("actions", "answers.csv", "activities.csv", "customers.csv", "partners.csv"),
    ("compare", "answers.csv", "partners.csv"),
    ("outlook", "answers.csv"),
    ("rewards", "customers.csv", "partners.csv", "--period", "year"),
    ("check", "answers.csv", "activities.csv", "customers.csv", "partners.csv", "--names", "names.csv"),
)


def _start_of(number: int) -> str:
    """Return month and day of a start: of those who end in 2025 only one or two begin after their end."""
    return "01-02" if number % 2 == 0 and number > 2 else f"0{1 + number % 9}-11"


def _write(path: Path, header: str, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def made(folder: Path, texts: list[str]) -> None:
    """Write four tables in which each text is a partner, a region, a tier, an owner, a customer and a comment."""
    draw = random.Random(5)
    days = ("2026-05-03", "2026-08-03")
    answers = [
        [text, draw.choice(days), f"p{n}{text}", draw.choice((2, 9, 10, 7, f"x{text}")), draw.choice(texts), text]
        for n, text in enumerate(texts * 2)
    ]
    _write(folder / "answers.csv", "partner,date,respondent,score,region,comment", answers)
    # A cell that holds another partner's name beside a separator names several, which is asked about.
    names = {same_name(unshielded(text)) for text in texts}
    parts = {text: [same_name(one.replace("\x00", "")) for one in re.split(r"[;|\n]", text)] for text in texts}
    of_one = {text: text if len(parts[text]) < 2 or names.isdisjoint(parts[text]) else "Nobody else" for text in texts}
    activities = [[of_one[text], "reference", days[1]] for text in texts]
    _write(folder / "activities.csv", "partner,activity type,date", activities)
    customers = [
        [
            f"c{text}",
            of_one[text],
            f"202{3 + n % 3}-{_start_of(n)}",
            f"202{5 + n % 2}-0{1 + n % 7}-09" if n % 3 else "",
        ]
        for n, text in enumerate(texts)
    ]
    _write(folder / "customers.csv", "customer,partner,start date,end date", customers)
    _write(folder / "partners.csv", "partner,tier,owner", [[text, draw.choice(texts[:9]), text] for text in texts])


def outputs(folder: Path, texts: list[str]) -> list[Path]:
    """Run every command that writes CSV in a folder with these texts; return all files of CSV."""
    made(folder, texts)
    for number, command in enumerate(_COMMANDS):
        done = run_here(*command, "--format", "csv")
        assert done.code == 0, (command, done.err)
        assert not done.out.startswith("\ufeff")
        (folder / f"out-{number}-{command[0]}.csv").write_bytes(done.out.encode())
    return sorted({*folder.glob("out-*.csv"), *folder.glob("*-aside.csv"), folder / "names.csv"})


@pytest.mark.parametrize("quotes", one_in(2, [True, False]))
def test_no_cell_of_any_output_runs(quotes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In no command's CSV, nor in the files of rows and names, a text begins a formula, whatever the separator."""
    monkeypatch.chdir(tmp_path)
    files = outputs(tmp_path, injected(COUNT, quotes=quotes))
    for file in files:
        assert cells_that_run(file.read_bytes().decode("utf-8-sig")) == [], file.name
    for separator, language in () if quotes else ((",", 1033), (";", 1031)):
        assert formulas_in_libreoffice(files, separator, language, tmp_path / "opened") == []


def test_the_witness_sees_what_runs(tmp_path: Path) -> None:
    """The same texts written as they are do run: else the test above would prove nothing."""
    raw = tmp_path / "raw.csv"
    _write(raw, "number,text", [[1, text] for text in injected(COUNT, quotes=False)])
    assert len(cells_that_run(raw.read_text(encoding="utf-8"))) > COUNT
    assert len(formulas_in_libreoffice([raw], ";", 1031, tmp_path / "opened")) > 2


def test_files_have_a_byte_order_mark_and_a_pipe_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel takes a file without a byte order mark for one in a code page; a program behind a pipe wants none."""
    monkeypatch.chdir(tmp_path)
    Path("answers.csv").write_text("partner,score\nAldér,9\nAlder,x\n", encoding="utf-8")
    done = run_here("nps", "answers.csv", "--by", "partner", "--format", "csv", "--set-aside", "aside.csv")
    run_here("check", "answers.csv", "--names", "names.csv")
    assert done.out.startswith('"partner","level","period","responses"')
    assert Path("aside.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert Path("names.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_every_text_is_quoted_and_numbers_stay_numbers() -> None:
    """Texts are quoted with their line ends, numbers and texts that are numbers are left as they are."""
    out = io.StringIO(newline="")
    ShieldedWriter(out, "\n").row(["a\rb", "-3", "-1,234.5 %", 'x "y"', -3, -0.25, None, True, "+49 30", "", "a - b"])
    assert out.getvalue() == '"a\rb","-3","-1,234.5 %","x ""y""",-3,-0.25,,True,"\'+49 30","","a - b"\n'


def test_what_is_shielded_reads_back() -> None:
    """Taking the apostrophes away again gives each text as it was, those with apostrophes of their own too."""
    for text in (*injected(3000), "'=1", "''=1", "don't; '-x", "a;'b", "'", "O'Neil, -West"):
        assert unshielded(shielded(text)) == text
        assert shielded(text).replace("'", "") == text.replace("'", "")


def test_rows_set_aside_can_be_fed_in_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that was set aside, its score mended, counts for the partner that it was of, whatever that is called."""
    monkeypatch.chdir(tmp_path)
    texts = [text for text in injected(COUNT) if not {"\x00", "\n", "\r"} & set(text)]
    _write(
        Path("answers.csv"),
        "partner,score,comment",
        [["Fine", n % 11, ""] for n in range(3 * COUNT)] + [[text, "eleven", text] for text in texts],
    )
    _write(Path("again.csv"), "partner,score,comment", [[text, "9", text] for text in texts])
    assert run_here("nps", "answers.csv", "--by", "partner", "--set-aside", "aside.csv").code == 0
    mended = Path("aside.csv").read_bytes().replace(b'"eleven"', b'"9"')
    Path("aside.csv").write_bytes(mended)
    once, again = (run_here("nps", name, "--by", "partner", "--format", "csv") for name in ("again.csv", "aside.csv"))
    assert once.out == again.out
    assert once.code == again.code == 0
