"""`partnerkpi diff` names what changed from one scorecard to the next, and nothing else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import months
import pytest
from command import Run, run_here

from partnerkpi.job.differences import Differences, Made
from partnerkpi.job.moves import Move
from partnerkpi.job.told import sections

SETTINGS = '[options]\nlanguage = "en"\n'


def build(folder: Path, name: str, *options: str, answers: str, partners: str = months.PARTNERS) -> Path:
    """Build a workbook of some answers."""
    (folder / "responses.csv").write_text(months.HEAD + answers, encoding="utf-8")
    (folder / "partners.csv").write_text(partners, encoding="utf-8")
    files = (folder / "responses.csv", folder / "partners.csv")
    made = run_here("scorecard", *files, "-o", folder / name, "--quiet", *options)
    assert made.code == 0, made.err
    return folder / name


def diff(old: Path, new: Path, *options: str) -> Run:
    """Compare two workbooks."""
    return run_here("diff", old, new, *options)


def nps(scores: list[int]) -> float:
    """Count an NPS by hand."""
    return 100 * (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores)


def scores_of(answers: str, partner: str | None = None) -> list[int]:
    """Return the scores of some rows."""
    rows = [line.split(",") for line in answers.splitlines()]
    return [int(row[3]) for row in rows if partner in (None, row[0])]


def test_exactly_what_changed(tmp_path: Path) -> None:
    """A new and a gone partner, another tier, another target, a late answer: each is named, and nothing beside them."""
    old = build(tmp_path, "q1.xlsx", answers=months.Q1)
    late = "Acme,zoe,2026-03-20,0\n"
    (tmp_path / "s.toml").write_text("[benchmarks.nps]\ntarget = 60\n", encoding="utf-8")
    answers = (months.Q1 + late + months.Q2).replace("Café Nord,", "Cafe Nord,")
    listed = months.PARTNERS.replace("Café Nord,", "Cafe Nord,").replace("Acme,Gold", "Acme,Silver")
    new = build(tmp_path, "q2.xlsx", "--config", str(tmp_path / "s.toml"), answers=answers, partners=listed)
    found = diff(old, new, "--format", "json").json
    assert (found["old"]["period"], found["new"]["period"]) == ("2026-Q1", "2026-Q2")
    assert (found["partners_new"], found["partners_gone"]) == (["Cafe Nord"], ["Café Nord"])
    assert found["perhaps_renamed"] == [["Café Nord", "Cafe Nord"]]
    assert [one["what"] for one in found["definitions"]] == ["benchmarks.nps.target"]
    assert (found["definitions"][0]["before"], found["definitions"][0]["now"]) == (50, 60)
    assert [(one["partner"], one["what"], one["before"], one["now"]) for one in found["partner_list"]] == [
        ("Acme", "tier", "Gold", "Silver")
    ]
    assert {(one["period"], one["partner"], one["figure"]) for one in found["late"]} == {
        ("2026-Q1", None, "nps"),
        ("2026-Q1", "Acme", "nps"),
    }
    whole = next(one for one in found["late"] if one["partner"] is None)
    assert whole["before"] == pytest.approx(nps(scores_of(months.Q1)))
    assert whole["now"] == pytest.approx(nps(scores_of(months.Q1 + late)))
    assert whole["answers"] == [18, 19]
    moves = {(one["partner"], one["figure"]): one for one in found["moves"]}
    assert moves[None, "nps"]["now"] == pytest.approx(nps(scores_of(months.Q2)))
    assert moves["Acme", "nps"]["before"] == pytest.approx(nps(scores_of(months.Q1 + late, "Acme")))
    assert moves[None, "nps"]["tested"] == "periods"


def test_another_target_of_a_partner_is_named(tmp_path: Path) -> None:
    """What the list says that a partner is to reach, and by when, is a part of it: a target moved is no secret."""
    head, *rows = months.PARTNERS.splitlines()
    before = "\n".join(
        [f"{head},nps_target,target_date", f"{rows[0]},40,2026-12-31", *(f"{row},," for row in rows[1:])]
    )
    old = build(tmp_path, "q1.xlsx", answers=months.Q1, partners=before + "\n")
    after = before.replace(",40,2026-12-31", ",30,2027-06-30") + "\n"
    new = build(tmp_path, "again.xlsx", answers=months.Q1, partners=after)
    found = diff(old, new, "--format", "json").json
    assert [(one["partner"], one["what"], one["before"], one["now"]) for one in found["partner_list"]] == [
        ("Acme", "target", 40, 30),
        ("Acme", "target_date", "2026-12-31", "2027-06-30"),
    ]
    assert "2027-06-30" in diff(old, new).out


def test_within_one_period_later_answers_are_tested_against_earlier_ones(tmp_path: Path) -> None:
    """The change is that of the two figures; its test is that of the same answers in two periods."""
    first = "".join(f"Acme,p{number},2026-01-{1 + number % 28:02d},{10 if number % 4 else 3}\n" for number in range(60))
    later = "".join(f"Acme,q{number},2026-02-{1 + number % 28:02d},{2 if number % 4 else 9}\n" for number in range(60))
    old = build(tmp_path, "jan.xlsx", "--as-of", "2026-01-31", "--to-date", answers=first)
    new = build(tmp_path, "feb.xlsx", "--as-of", "2026-02-28", "--to-date", answers=first + later)
    found = diff(old, new, "--format", "json").json
    move = next(one for one in found["moves"] if one["partner"] is None and one["figure"] == "nps")
    assert move["before"] == pytest.approx(nps(scores_of(first)))
    assert move["now"] == pytest.approx(nps(scores_of(first + later)))
    assert (move["word"], move["tested"]) == ("down", "answers")
    (tmp_path / "both.csv").write_text(months.HEAD + first + later, encoding="utf-8")
    rows = run_here(
        "nps", tmp_path / "both.csv", "--period", "month", "--compare", "previous", "--format", "json"
    ).json["rows"]
    assert move["p"] == pytest.approx(next(row["p"] for row in rows if row["period"] == "2026-02"))
    assert found["late"] == []
    taken_out = build(
        tmp_path,
        "out.xlsx",
        "--as-of",
        "2026-02-28",
        "--to-date",
        answers="".join(first.splitlines(keepends=True)[40:]) + later,
    )
    less = diff(old, taken_out, "--format", "json").json["moves"][0]
    assert (less["word"], less["tested"], less["p"]) == ("cannot tell", "", None)


def test_the_same_twice_and_the_wrong_way_round(tmp_path: Path) -> None:
    """Of two equal scorecards nothing differs; a later one before an earlier one is exchanged by whoever asks."""
    old = build(tmp_path, "q1.xlsx", answers=months.Q1)
    new = build(tmp_path, "q2.xlsx", answers=months.Q1 + months.Q2)
    same = diff(old, old)
    assert same.code == 0
    assert "Nothing differs" in same.out
    wrong = diff(new, old)
    assert wrong.code == 2
    assert "exchange them" in wrong.err


def test_what_carries_no_record_is_refused(tmp_path: Path) -> None:
    """A workbook that lost its record and a partner's own one say so, and name what to do."""
    old = build(tmp_path, "q1.xlsx", "--per-partner", str(tmp_path / "packs"), answers=months.Q1)
    lost = months.type_with_openpyxl(old, tmp_path / "lost.xlsx", {})
    assert "carries no record" in diff(lost, old).err
    pack = diff(tmp_path / "packs" / "Acme.xlsx", old)
    assert pack.code == 1
    assert "one partner" in pack.err


def test_it_is_read_in_80_columns_and_as_markdown(tmp_path: Path) -> None:
    """Sections one below the other; in Markdown nothing of the data is markup."""
    old = build(tmp_path, "q1.xlsx", answers=months.Q1)
    odd = "A|B *<b>*,x,2026-05-01,9\n"
    new = build(tmp_path, "q2.xlsx", answers=months.Q1 + months.Q2 + odd)
    table = diff(old, new).out
    assert table.startswith("Q1 2026 (to 10 Mar 2026) → Q2 2026 (to 10 Jun 2026)\n")
    assert "New: A|B *<b>*" in table
    marked: Any = diff(old, new, "--format", "markdown").out
    assert "New: A\\|B \\*\\<b\\>\\*" in marked
    assert "| Partner | Figure | Before | Now | Change | Certainty |" in marked


@pytest.mark.parametrize(
    ("tested", "said"),
    [
        (("periods",), "1 more figure of a partner moved: within chance."),
        (("periods", "periods"), "2 more figures of partners moved: within chance."),
        (("", ""), "2 more figures of partners moved: not tested."),
        (("periods", ""), "2 more figures of partners moved: 1 within chance, the others not tested."),
    ],
)
def test_how_many_others_moved(tested: tuple[str, ...], said: str) -> None:
    """The figures that are not shown are counted: those within chance, and those that cannot be tested."""
    moves = tuple(Move("Acme", "nps", 10, 20, 10, 0.4, 0.4, "cannot tell", how) for how in tested)
    cards: Any = SimpleNamespace(current="2026-Q3", previous_of=lambda _: None)
    made = Made(Path("x"), cards, "")
    found = Differences(made, made, moves=moves, came=("New",), gone=("Old",))
    told = {one.title: one.below for one in sections(found)}
    assert told["Figures"] == (said,)
    assert told["Partners"][-1].startswith("A partner that only has a new name is one")


def test_the_file_of_partner_names_says_who_is_who(tmp_path: Path) -> None:
    """A partner under another name is compared with itself; two that are one by now are not, and that is said."""
    old = build(tmp_path, "old.xlsx", answers=months.Q1)
    renamed = months.PARTNERS.replace("Acme,", "Acme Group,")
    new = build(tmp_path, "new.xlsx", answers=months.Q1.replace("Acme,", "Acme Group,"), partners=renamed)
    (tmp_path / "names.csv").write_text("as written,partner\nAcme,Acme Group\n", encoding="utf-8")
    (tmp_path / "s.toml").write_text('[options]\npartner_names = "names.csv"\n', encoding="utf-8")
    plain = diff(old, new, "--format", "json").json
    assert ("Acme" in plain["partners_gone"], "Acme Group" in plain["partners_new"]) == (True, True)
    told = diff(old, new, "--format", "json", "--config", str(tmp_path / "s.toml")).json
    assert (told["partners_gone"], told["partners_new"]) == ([], [])
    assert [(one["what"], one["before"], one["now"]) for one in told["partner_list"]] == [
        ("spelling", "Acme", "Acme Group")
    ]
    assert {one["change"] for one in told["moves"] if one["partner"] == "Acme Group" and one["figure"] == "nps"} == {0}
    other = next(line.split(",")[0] for line in months.PARTNERS.splitlines()[1:] if not line.startswith("Acme"))
    (tmp_path / "names.csv").write_text(f"as written,partner\nAcme,Acme Group\n{other},Acme Group\n", encoding="utf-8")
    merged = diff(old, new, "--format", "json", "--config", str(tmp_path / "s.toml")).json
    assert [note for note in merged["notes"] if "now are one partner: not compared" in note]
    assert {one["before"] for one in merged["moves"] if one["partner"] == "Acme Group"} == {None}
