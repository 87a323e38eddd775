"""A workbook for each partner of the demo, against XlsxWriter writing the same workbooks.

Both write one file after the other in one process. We start from the counts, XlsxWriter from the finished cells of our
files: every value, formula, style, width and height, merged cells, colour rules, lists to choose from, tables, names,
page settings and charts. It writes neither the record nor the fingerprint. Afterwards its files are read, and must hold
the same.
"""

from __future__ import annotations

import tempfile

from benchmarks.measure import compare, in_own_process, side_by_side

PACKS = 40  # partners of the demo
MODELS = 8  # workbooks that XlsxWriter writes again and again; to read one takes long

_OURS_SETUP = """
import pickle
from pathlib import Path
from partnerkpi.workbook.packs import write_packs
card = pickle.load(open({folder!r} + "/card.pickle", "rb"))
names = [one.name for one in card.partners]
files = [(name, Path({folder!r}) / f"ours {{n:03d}}.xlsx") for n, name in enumerate(names)]
"""
_OURS = "result = sum(1 for _ in write_packs(card, files))"

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
    """Leave the scorecard of the demo, and what its packs hold, in a folder."""
    import pickle
    from pathlib import Path

    from benchmarks.theirs import content_of
    from partnerkpi.cli.session import session
    from partnerkpi.demo import write_demo_data
    from partnerkpi.workbook.packs import write_packs

    place = Path(folder)
    files = write_demo_data(place)
    with session(None, quiet=True) as run:
        card, _ = run.card([str(path) for path in (files.responses, files.activities, files.customers, files.partners)])
    (place / "card.pickle").write_bytes(pickle.dumps(card))
    step = len(card.partners) // MODELS
    models = [(one.name, place / f"model {number}.xlsx") for number, one in enumerate(card.partners[::step][:MODELS])]
    list(write_packs(card, models))
    (place / "contents.pickle").write_bytes(pickle.dumps([content_of(path) for _, path in models]))


def check(folder: str) -> None:
    """Read what both have written: AssertionError where it differs."""
    from pathlib import Path

    from benchmarks.theirs import content_of, same

    place = Path(folder)
    for number, model in enumerate(sorted(place.glob("model *"))):
        same(content_of(model), content_of(place / f"theirs {number:03d}.xlsx"))


def main() -> None:
    """Print the ratio per file."""
    with tempfile.TemporaryDirectory() as folder:
        in_own_process("packs", "prepare", folder)
        given = {"folder": folder, "packs": PACKS}
        found = side_by_side(
            {
                "ours": (_OURS_SETUP.format(**given), _OURS),
                "theirs": (_THEIRS_SETUP.format(**given), _THEIRS),
            },
            rounds=2,
        )
        in_own_process("packs", "check", folder)
    compare(f"{PACKS} partners' workbooks in one process", found["ours"], found["theirs"], "XlsxWriter", at_most=0.2)
    each = (1000 * found[who].seconds / PACKS for who in ("ours", "theirs"))
    print("  a workbook: {:.0f} ms against {:.0f} ms".format(*each))


if __name__ == "__main__":
    main()
