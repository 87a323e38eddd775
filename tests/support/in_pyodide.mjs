// The functions as xlwings Lite runs them: in Pyodide, asked from JavaScript, with cells as a browser has them.
//
//   node in_pyodide.mjs PYODIDE MAIN XLWINGS CALLS     a list of [function, [arguments]]; answers as JSON on stdout
//   node in_pyodide.mjs PYODIDE MAIN XLWINGS --cells 200000     how long that many cells take, in milliseconds
//
// Blank cells come as null, which Pyodide hands to Python as a kind of its own, errors as {"type": "Error", ...}.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodidePath, main, xlwings, calls, cells] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodidePath}/pyodide.mjs`));
const python = await loadPyodide();
python.FS.mkdirTree("/site");
python.FS.writeFile("/xlwings.zip", fs.readFileSync(xlwings));
python.FS.writeFile("/main.py", fs.readFileSync(main));
python.runPython(`
import sys, zipfile
zipfile.ZipFile("/xlwings.zip").extractall("/site")
sys.path.insert(0, "/site")
names = {}
exec(compile(open("/main.py", encoding="utf-8").read(), "main.py", "exec"), names)
import partnerkpi.udfs
from partnerkpi.udfs import FUNCTIONS
from pyodide.ffi import to_js

def one_cell(argument):
    # xlwings gives a range of one cell as that cell
    rows = argument if isinstance(argument, list) else [[argument]]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

def ask(name, arguments):
    return to_js(names[name](*map(one_cell, arguments.to_py())))
`);
const ask = python.globals.get("ask");

if (calls === "--cells") {
  const rows = Array.from({ length: Number(cells) }, (_, row) => [row % 3 ? 9 : 6]);
  const given = python.toPy([rows]);
  python.globals.set("rows", given.get(0));
  const took = python.runPython(`
import time
from statistics import median
def once():
    began = time.perf_counter()
    partnerkpi.udfs.PARTNER_NPS(rows)
    return 1000 * (time.perf_counter() - began)
def plain():
    began = time.perf_counter()
    promoters = passives = detractors = 0
    for row in rows:
        for cell in row:
            if cell is None: continue
            if isinstance(cell, bool) or not isinstance(cell, (int, float)): raise ValueError
            if not 0 <= cell <= 10: raise ValueError
            if cell >= 9: promoters += 1
            elif cell >= 7: passives += 1
            else: detractors += 1
    return 1000 * (time.perf_counter() - began)
[median(once() for _ in range(9)), median(plain() for _ in range(9))]
`);
  process.stdout.write(JSON.stringify(took.toJs()));
} else {
  const heavy = python.runPython(`sorted(set(sys.modules) & {"duckdb", "lxml", "pydantic", "pandas", "numpy", "openpyxl"})`);
  const answers = JSON.parse(fs.readFileSync(calls)).map(([name, given]) => ask(name, given));
  process.stdout.write(JSON.stringify({ answers, heavy: heavy.toJs(), python: python.runPython("sys.version.split()[0]") }));
}
