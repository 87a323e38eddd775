"""The workbooks of partners of a programme of a thousand, against XlsxWriter writing the same ones.

Both write one file after the other in one process; then we write them as the program does, with as many processes as it
takes for so many. We start from the counts, XlsxWriter from the finished cells of our files: every value, formula,
style, width and height, merged cells, colour rules, lists to choose from, tables, names, page settings and charts. It
writes neither the record nor the fingerprint. Afterwards its files are read, and must hold the same.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from benchmarks.measure import Measured, compare, in_own_process, side_by_side

COPIES = 25  # of each partner of the demo, with answers, activities and customers of its own
OURS, THEIRS = 200, 25  # workbooks that are written in a round: many rounds find quiet moments of the machine
MODELS = 8  # workbooks that XlsxWriter writes again and again; to read one takes long

_OURS_SETUP = """
import pickle
from pathlib import Path
from partnerkpi.workbook.packs import write_packs
card = pickle.load(open({folder!r} + "/card.pickle", "rb"))
names = [one.name for one in card.partners][:{ours}]
files = [(name, Path({folder!r}) / f"ours {{n:03d}}.xlsx") for n, name in enumerate(names)]
"""
_OURS = "result = sum(1 for _ in write_packs(card, files, processes=1))"
_TOGETHER = "result = sum(1 for _ in write_packs(card, files))"

_THEIRS_SETUP = """
import pickle
from pathlib import Path
import xlsxwriter
from benchmarks.theirs import write_theirs
contents = pickle.load(open({folder!r} + "/contents.pickle", "rb"))
files = [(contents[n % len(contents)], Path({folder!r}) / f"theirs {{n:03d}}.xlsx") for n in range({packs})]
"""
_THEIRS = """
for content, path in files:
    write_theirs(content, path)
result = len(files)
"""


def prepare(folder: str) -> None:
    """Leave a scorecard of a thousand partners, and what some of their packs hold, in a folder."""
    import pickle

    from benchmarks.theirs import content_of
    from partnerkpi.cli.options import CardOptions, Common
    from partnerkpi.cli.session import session
    from partnerkpi.demo import write_demo_data
    from partnerkpi.workbook.packs import write_packs

    place = Path(folder)
    files = write_demo_data(place)
    whole = (files.responses, files.activities, files.customers, files.partners)
    with session(Common(quiet=True)) as run:
        card, _ = run.card([str(path) for path in _copied(whole, place)], CardOptions())
    (place / "card.pickle").write_bytes(pickle.dumps(card))
    step = len(card.partners) // MODELS
    models = [(one.name, place / f"model {number}.xlsx") for number, one in enumerate(card.partners[::step][:MODELS])]
    list(write_packs(card, models))
    (place / "contents.pickle").write_bytes(pickle.dumps([content_of(path) for _, path in models]))


def _copied(files: Iterable[Path], folder: Path) -> list[Path]:
    """Write each file again with many partners for each one, whose rows are drawn from those of that one."""
    draw, made = random.Random(7), []
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        of_partner = defaultdict(list)
        for row in rows:
            of_partner[row["partner"]].append(row)
        made.append(folder / f"many {path.name}")
        with made[-1].open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, rows[0])
            out.writeheader()
            for copy in range(1, COPIES + 1):
                for partner, own in of_partner.items():
                    drawn = own if len(own) == 1 else draw.choices(own, k=len(own))
                    for number, row in enumerate(drawn):
                        out.writerow(_renamed(row, partner and f"{partner} {copy:02d}", f"{copy}-{number}"))
    return made


def _renamed(row: dict[str, str], partner: str, ending: str) -> dict[str, str]:
    """Return a row of another partner, with identities that no other row has."""
    keys = ("response_id", "activity_id", "customer", "respondent")
    return {**row, **{key: f"{row[key]}-{ending}" for key in keys if row.get(key)}, "partner": partner}


def check(folder: str) -> None:
    """Read what both have written: AssertionError where it differs."""
    from benchmarks.theirs import content_of, same

    place = Path(folder)
    for number, model in enumerate(sorted(place.glob("model *"))):
        same(content_of(model), content_of(place / f"theirs {number:03d}.xlsx"))


def main() -> None:
    """Print the ratio per file."""
    with tempfile.TemporaryDirectory() as folder:
        in_own_process("packs", "prepare", folder)
        given = {"folder": folder, "ours": OURS, "packs": THEIRS}
        found = side_by_side(
            {
                "ours": (_OURS_SETUP.format(**given), _OURS),
                "together": (_OURS_SETUP.format(**given), _TOGETHER),
                "theirs": (_THEIRS_SETUP.format(**given), _THEIRS),
            },
            rounds=6,
        )
        in_own_process("packs", "check", folder)
    theirs = _a_file(found["theirs"], THEIRS)
    for who, what in (
        ("ours", f"A partner's workbook, {OURS} in one process"),
        ("together", "  as the program does it"),
    ):
        compare(what, _a_file(found[who], OURS), theirs, "XlsxWriter", at_most=0.2)


def _a_file(all_of_them: Measured, files: int) -> Measured:
    return Measured(
        all_of_them.seconds / files, all_of_them.processor / files, all_of_them.megabytes, all_of_them.result
    )


if __name__ == "__main__":
    main()
