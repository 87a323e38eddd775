"""Bad input gets one line: what, where, what to do; exit 1 or 2; never a traceback, and nothing is lost."""

import json
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from command import Run, run, run_here
from programme import everything_in

ANSWERS = "partner,date,score\nAcme,2026-07-01,9\nAcme,2026-07-02,3\nBolt,2026-08-01,10\nBolt,2026-08-02,8\n"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def one_line(result: Run, code: int, *words: str) -> None:
    """Assert that a command failed with one clear line that has these words in it."""
    assert result.code == code, result.err
    lines = result.err.strip().splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("partnerkpi: ")
    assert "Traceback" not in result.err
    assert "inside partnerkpi" not in result.err
    for word in words:
        assert word in lines[0]
    assert result.out == ""


def test_as_a_process(tmp_path: Path) -> None:
    """A missing file, asked for in a process of its own: one line, exit 1."""
    one_line(run("nps", tmp_path / "gone.csv"), 1, "gone.csv", "does not exist")


def test_missing_file_names_the_nearest(answers: Path) -> None:
    """A mistyped name is answered with the file that was probably meant."""
    one_line(run_here("nps", answers.with_name("answer.csv")), 1, "did you mean", "answers.csv")


def test_empty_file(tmp_path: Path) -> None:
    """An empty file is called empty."""
    path = tmp_path / "empty.csv"
    path.touch()
    one_line(run_here("nps", path), 1, "empty")


def test_only_blanks(tmp_path: Path) -> None:
    """A file of blanks holds no text."""
    path = tmp_path / "blank.csv"
    path.write_text("\n \n\t\n")
    one_line(run_here("nps", path), 1, "only blanks")


def test_only_a_header(tmp_path: Path) -> None:
    """A header without rows says so."""
    path = tmp_path / "header.csv"
    path.write_text("partner,score\n")
    one_line(run_here("nps", path), 1, "no rows")


def test_folder(tmp_path: Path) -> None:
    """Of a folder without a table the message says what it looked for."""
    one_line(run_here("nps", tmp_path), 1, "is a folder without a table", ".csv")


def test_no_rights(answers: Path) -> None:
    """A file that nobody may read is not read, whoever asks (root could)."""
    answers.chmod(0)
    try:
        one_line(run_here("nps", answers), 1, "may not be read")
    finally:
        answers.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_folder_without_rights(answers: Path, tmp_path: Path) -> None:
    """An output into a folder that may not be written to is refused before anything is counted in vain."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        one_line(run_here("scorecard", answers, "-o", folder / "out.xlsx"), 1, "out.xlsx")
    finally:
        folder.chmod(0o755)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("survey.xlsx", ANSWERS.encode(), ("not what its name says", "text file")),
        ("survey.parquet", ANSWERS.encode(), ("not what its name says", ".csv")),
        ("survey.csv", b"PAR1" + b"\x00" * 40, ("not what its name says", "Parquet")),
        ("survey.csv", b"%PDF-1.7 ...", ("PDF",)),
        ("survey.xls", b"<html><table></table></html>", ("web page",)),
        ("survey.csv", b"PK\x03\x04 not a zip at all", ("damaged",)),
        ("survey.csv", bytes(range(256)) * 4, ("binary",)),
    ],
)
def test_not_what_its_name_says(tmp_path: Path, name: str, content: bytes, words: tuple[str, ...]) -> None:
    """A file is judged by its content; one that is something else is called what it is."""
    path = tmp_path / name
    path.write_bytes(content)
    one_line(run_here("nps", path), 1, name, *words)


def test_no_score_column(tmp_path: Path) -> None:
    """Without a score column the columns are listed with the option that names one."""
    path = tmp_path / "names.csv"
    path.write_text("partner,city\nAcme,Graz\nBolt,Linz\n")
    one_line(run_here("nps", path), 2, "'partner', 'city'", "--score COLUMN")


def test_misspelled_column(answers: Path) -> None:
    """A column that is not there is answered with the nearest one."""
    one_line(run_here("nps", answers, "--score", "scor"), 2, "did you mean".capitalize(), "'score'")
    one_line(run_here("nps", answers, "--by", "patner"), 2, "--by", "'partner'")


def test_all_scores_blank(tmp_path: Path) -> None:
    """A score column without any answer is no NPS of 0: it is no data, with the count of blanks."""
    path = tmp_path / "blank.csv"
    path.write_text("partner,score\nAcme,\nBolt,NA\n")
    one_line(run_here("nps", path), 1, "2 rows", "2 blank score")


def test_all_scores_text(tmp_path: Path) -> None:
    """A score column of words says so and asks for another."""
    path = tmp_path / "words.csv"
    path.write_text("partner,score\nAcme,good\nBolt,bad\n")
    one_line(run_here("nps", path), 1, "2 text in a score", "--score COLUMN")


def test_some_scores_text(tmp_path: Path) -> None:
    """Words among the scores are set aside and counted, and the figure is of the rest."""
    path, aside = tmp_path / "mixed.csv", tmp_path / "aside.csv"
    path.write_text("partner,score\nAcme,9\nBolt,=1+1\nCog,11\nDyn,\n")
    result = run_here("nps", path, "--format", "json", "--set-aside", aside)
    assert result.json["provenance"]["set_aside"] == {"blank score": 1, "text in a score": 1, "out of range": 1}
    written = aside.read_text(encoding="utf-8-sig").replace('"', "").splitlines()
    assert written[0] == "file,row,reason,partner,score"
    assert [line.split(",", 1)[1] for line in written[1:]] == [
        "3,text in a score,Bolt,'=1+1",
        "4,out of range,Cog,11",
        "5,blank score,Dyn,",
    ]


def test_another_scale(tmp_path: Path) -> None:
    """Answers on 1-5 are refused with the scale they look like; named, it gives bands and says that it is no standard.

    Of 20 answers 1 to 5, four each, 4 are promoters (5), 4 passives (4) and 12 detractors: -40.
    """
    path = tmp_path / "five.csv"
    path.write_text("partner,score\n" + "".join(f"P{n},{n % 5 + 1}\n" for n in range(20)))
    one_line(run_here("nps", path), 1, "a scale from 1 to 5", "--scale 1-5", "--scale 0-10")
    mapped = run_here("nps", path, "--scale", "1-5", "--format", "json")
    assert (mapped.json["rows"][0]["nps"], mapped.json["rows"][0]["passives"]) == (-40, 4)
    assert "no standard NPS" in mapped.err
    assert run_here("nps", path, "--scale", "0-10", "--format", "json").json["rows"][0]["nps"] == -100


def test_few_answers_on_another_scale(tmp_path: Path) -> None:
    """Of a few answers nobody can tell: they are counted with a warning."""
    path = tmp_path / "five.csv"
    path.write_text("partner,score\n" + "".join(f"P{n},{n % 5 + 1}\n" for n in range(10)))
    result = run_here("nps", path)
    assert result.code == 0
    assert "looks like a 1-5 scale" in result.err


def test_a_scale_from_one_to_ten(tmp_path: Path) -> None:
    """A question that says 1 to 10 is refused; the absence of 0 alone is a hint, and only a note."""
    path = tmp_path / "survey.csv"
    path.write_text("Would you recommend us? (1 - 10)\n" + "1\n9\n10\n8\n" * 10, encoding="utf-8")
    one_line(run_here("nps", path), 1, "a scale from 1 to 10", "--scale 1-10")
    path.write_text("nps\n" + "1\n9\n10\n8\n" * 10, encoding="utf-8")
    result = run_here("nps", path, "--format", "json")
    assert result.json["rows"][0]["nps"] == 25.0
    assert "10 answers of 1 and none of 0 among 40" in result.err


def test_a_hundred_point_scale(tmp_path: Path) -> None:
    """Answers on 0-100 are refused; named, 90 to 100 are promoters: 3 of 20, and 14 are below 70."""
    path = tmp_path / "hundred.csv"
    path.write_text("partner,score\n" + "".join(f"P{n},{n * 5 + 5}\n" for n in range(20)))
    one_line(run_here("nps", path), 1, "a scale from 0 to 100", "--scale 0-100")
    row = run_here("nps", path, "--scale", "0-100", "--format", "json").json["rows"][0]
    assert (row["promoters"], row["passives"], row["detractors"]) == (3, 4, 13)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--period", "decade"], ("--period", "decade", "quarter")),
        (["--format", "xml"], ("--format", "json")),
        (["--duplicates", "last"], ("--duplicates", "latest")),
        (["--confidence", "95"], ("--confidence", "0.95")),
        (["--min-responses", "0"], ("--min-responses",)),
        (["--population", "2"], ("--population", "4 answers")),
        (["--population", "0"], ("--population",)),
        (["--scale", "1-6"], ("--scale", "1-5", "0-100")),
        (["--as", "excel"], ("--as", "qualtrics", "table")),
        (["--nonsense"], ("--nonsense", "--help")),
        (["--config", "gone.toml"], ("gone.toml",)),
        (["--set-aside", "rows.xlsx"], ("rows.xlsx", ".csv")),
    ],
)
def test_unknown_option_values(answers: Path, arguments: list[str], words: tuple[str, ...]) -> None:
    """An option that cannot be understood is wrong usage: exit 2, and what is allowed."""
    one_line(run_here("nps", answers, *arguments), 2, *words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["advocacy", "{}"], ("--partners",)),
        (["advocacy", "{}", "--partners", "5"], ("holds answers", "not activities")),
        (["advocacy", "{}", "--partners", "5", "--from", "1.7.2026"], ("--from", "2026-09-30")),
        (["advocacy", "{}", "--partners", "5", "--from", "2026-08-01", "--to", "2026-07-01"], ("after",)),
        (["retention", "{}", "--retained", "a", "--churned", "b"], ("--retained", "--churned")),
        (["retention", "{}"], ("retained",)),
        (["scorecard", "{}", "-o", "card.pdf"], ("card.pdf", ".xlsx")),
        (["scorecard", "{}"], ("-o",)),
        (["guide", "npx"], ("npx", "nps")),
        (["nosuch"], ("nosuch",)),
    ],
)
def test_unknown_questions(answers: Path, arguments: list[str], words: tuple[str, ...]) -> None:
    """Every command says in one line what is missing or contradictory."""
    one_line(run_here(*(argument.format(answers) for argument in arguments)), 2, *words)


def test_too_few_partners(tmp_path: Path) -> None:
    """The number of partners is at least that of those who were active."""
    path = tmp_path / "deeds.csv"
    path.write_text("partner,type\nAcme,reference\nBolt,case study\n")
    one_line(run_here("advocacy", path, "--partners", "0"), 2, "--partners 0")
    one_line(run_here("advocacy", path, "--partners", "1"), 2, "2 partners")


def test_attributed_value_that_is_never_there(tmp_path: Path) -> None:
    """A mistyped attribution is not an influence of nought: the values that do occur are listed."""
    path = tmp_path / "customers.csv"
    path.write_text("customer,source,retained\na,partner,yes\nb,ads,no\n")
    one_line(run_here("retention", path, "--attributed", "source=partnr"), 2, "'partnr'", "ads, partner")
    one_line(run_here("retention", path, "--attributed", "partner"), 2, "COLUMN=VALUE")


def test_ambiguous_dates(tmp_path: Path) -> None:
    """Where no row tells day from month the question goes to the user, who can answer it."""
    path = tmp_path / "dates.csv"
    path.write_text("date,score\n3/4/2026,9\n5/6/2026,8\n")
    one_line(run_here("nps", path, "--period", "quarter"), 2, "--day-first", "--month-first")
    answered = run_here("nps", path, "--period", "month", "--day-first", "--format", "json").json
    assert [row["period"] for row in answered["rows"]] == [None, "2026-04", "2026-05", "2026-06"]


def test_unwritable_targets(answers: Path, tmp_path: Path) -> None:
    """A target that is a folder, read-only, or open in Excel is refused, and the old file stays as it was."""
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    one_line(run_here("scorecard", answers, "-o", folder), 1, "folder.xlsx", "folder")
    old = tmp_path / "old.xlsx"
    old.write_bytes(b"old")
    old.chmod(0o444)
    one_line(run_here("scorecard", answers, "-o", old), 1, "old.xlsx")
    old.chmod(0o644)
    tmp_path.joinpath("~$old.xlsx").touch()
    one_line(run_here("scorecard", answers, "-o", old), 1, "open in Excel")
    assert old.read_bytes() == b"old"
    one_line(run_here("scorecard", answers, "-o", tmp_path / "no" / "such" / "out.xlsx"), 1, "no folder")
    one_line(run_here("nps", answers, "--set-aside", tmp_path / "no" / "aside.csv"), 1, "no folder")


def test_config_errors(answers: Path, tmp_path: Path) -> None:
    """An unknown or ill-typed key names the file, the key, what is allowed and the nearest known key."""
    config = tmp_path / "partnerkpi.toml"
    config.write_text("[benchmarks.nps]\ntarger = 50\n")
    one_line(run_here("nps", answers, "--config", config), 2, "partnerkpi.toml", "benchmarks.nps.targer", "'target'")
    config.write_text("[benchmarks.nps]\ntarget = 'high'\n")
    one_line(run_here("nps", answers, "--config", config), 2, "benchmarks.nps.target", "'high'", "number")
    config.write_text("[benchmarks.nps]\nwatch = 60\n")
    one_line(run_here("nps", answers, "--config", config), 2, "benchmarks.nps", "higher")
    config.write_text("[benchmarks\n")
    one_line(run_here("nps", answers, "--config", config), 2, "TOML")


def test_faults_of_ours_are_called_that(answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we did not foresee is one line as well, and says how to report it."""
    import partnerkpi.results.nps as counting

    def broken(*_: object) -> None:
        raise RuntimeError("wires\ncrossed")

    monkeypatch.setattr(counting, "count_answers", broken)
    result = run_here("nps", answers)
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "RuntimeError: wires" in result.err
    assert "PARTNERKPI_DEBUG" in result.err


def test_without_dates_there_are_no_periods(tmp_path: Path) -> None:
    """Asked for periods, a file without dates is refused with both ways out; --period all is one of them."""
    path = tmp_path / "answers.csv"
    path.write_text("partner,score\nAcme,9\nAcme,3\nBolt,10\n")
    one_line(run_here("nps", path, "--period", "quarter"), 2, "answers.csv", "--date COLUMN", "--period all")
    one_line(run_here("outlook", path), 2, "answers.csv", "recognised as the date")
    assert run_here("nps", path, "--period", "all").code == 0


def test_a_scorecard_without_dates_counts_everything_together(tmp_path: Path) -> None:
    """Nobody has to know of --period: the workbook is made, and it says why it has no periods."""
    path, target = tmp_path / "answers.csv", tmp_path / "card.xlsx"
    path.write_text("partner,score\nAcme,9\nAcme,3\nBolt,10\nBolt,\n")
    result = run_here("scorecard", path, "-o", target)
    assert result.code == 0, result.err
    assert "everything is counted together" in result.out + result.err
    everything = everything_in(target)
    assert "answers.csv has no column that is recognised as the date" in everything
    assert str(tmp_path) not in everything  # the folders of a machine are nobody's business
    as_asked = run_here("scorecard", path, "-o", target, "--period", "all", "--format", "json")
    of_itself = run_here("scorecard", path, "-o", target, "--format", "json")
    one, other = json.loads(as_asked.out), json.loads(of_itself.out)
    assert other["total"] == one["total"]
    assert other["period"] == "all time"
    refused = run_here("scorecard", path, "-o", target, "--period", "month")
    one_line(refused, 2, "--date COLUMN", "--period all")


@pytest.mark.parametrize("amount", ["-2100", "(2100.00)", "2.100,00-"])
def test_revenue_below_nothing(tmp_path: Path, amount: str) -> None:
    """Revenue that takes away more than there was is refused, with the columns to look at."""
    path = tmp_path / "customers.csv"
    rows = ["A;yes;1250,50;1300,00", f"B;yes;2000,00;{amount}"]
    path.write_text("\n".join(["customer;retained;revenue start;revenue end", *rows]), encoding="utf-8")
    one_line(run_here("retention", path), 1, "customers.csv", "revenue start", "revenue end", "below 0")


MANY_DIGITS = "9" * 6_000  # Python refuses to read a number of more than 4,300


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"partner,date,score,{MANY_DIGITS}\n" + "Acme,2026-07-01,9,1\n" * 8, id="heading"),
        pytest.param(f"Export,{MANY_DIGITS},,\npartner,date,score\n" + "Acme,2026-07-01,9\n" * 8, id="line above"),
        pytest.param("partner,date,score\n" + "Acme,2026-07-01,9\n" * 8 + f"Acme,{MANY_DIGITS}-07-01,9\n", id="date"),
        pytest.param("partner,date,score\n" + "Acme,2026-07-01,9\n" * 8 + f"Acme,,{MANY_DIGITS}\n", id="score"),
        pytest.param("partner,date,score,²\n" + "Acme,2026-07-01,9,1\n" * 8, id="raised two"),
    ],
)
def test_numbers_that_nobody_counts_with(tmp_path: Path, content: str) -> None:
    """A number of thousands of digits, wherever it stands, costs its own row at most: 8 answers of 9 give 100."""
    (tmp_path / "answers.csv").write_text(content, encoding="utf-8")
    result = run_here("nps", tmp_path / "answers.csv", "--format", "json")
    assert result.code == 0, result.err
    assert json.loads(result.out)["rows"][0]["nps"] == 100


def packed_strangely(path: Path, wrong: str) -> None:
    """Write a workbook whose first part is damaged in a way of packing that is seldom, or lies far behind the file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("xl/workbook.xml", "<workbook><sheets/></workbook>" * 20)
    data = bytearray(path.read_bytes())
    if wrong == "LZMA":
        for place in range(60, 80):
            data[place] ^= 0x5A
    else:  # in the directory a field of ZIP64 gives the place, of which the usual field then says that it is there
        start = data.find(b"PK\x01\x02")
        name = start + 46 + len("xl/workbook.xml")
        data[start + 42 : start + 46] = b"\xff" * 4
        data[start + 30 : start + 32] = struct.pack("<H", 12)
        data[name:name] = struct.pack("<HHQ", 1, 8, 2**64 - 1)
        end = data.rfind(b"PK\x05\x06")
        data[end + 12 : end + 16] = struct.pack("<L", end - start)
    path.write_bytes(data)


@pytest.mark.parametrize("wrong", ["LZMA", "far away"])
@pytest.mark.parametrize("command", [("check",), ("verify",), ("excel", "add")], ids=" ".join)
def test_damage_in_any_way_of_packing(tmp_path: Path, command: tuple[str, ...], wrong: str) -> None:
    """A package that cannot be unpacked is called damaged, whichever way it is packed: a fault of ours it is not."""
    path = tmp_path / "damaged.xlsx"
    packed_strangely(path, wrong)
    result = run_here(*command, path)
    assert any(word in result.err for word in ("damaged", "cannot be read", "no workbook")), result.err
    one_line(result, 1, "damaged.xlsx")
