"""A workbook for each partner of the demo, against XlsxWriter writing the same workbooks from what is in ours.

Both write one file after the other in one process. We start from the counts, XlsxWriter from the finished cells: every
value, formula, style, width and height, merged cells, colour rules, lists to choose from, tables, names, page settings
and charts. It writes no record and no words for charts. Afterwards every file of both is read and must hold the same.
"""

from __future__ import annotations

PACKS = 100

_OURS_SETUP = """
import os, pickle
from pathlib import Path
from partnerkpi.workbook.packs import write_packs
card = pickle.load(open('{card}', 'rb'))
names = [one.name for one in card.partners]
made = [(names[n % len(names)], Path('{folder}') / f'ours {{n:03d}}.xlsx') for n in range({packs})]
"""
_OURS = """
for _ in write_packs(card, made, processes={processes}):
    pass
result = 0
"""

_THEIRS_SETUP = """
import pickle, xlsxwriter
from pathlib import Path
from benchmarks.packs import write_theirs
contents = pickle.load(open('{contents}', 'rb'))
made = [(contents[n % len(contents)], Path('{folder}') / f'theirs {{n:03d}}.xlsx') for n in range({packs})]
"""
_THEIRS = """
for content, path in made:
    write_theirs(content, path)
result = 0
"""
