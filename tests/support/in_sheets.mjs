// The script for Google Sheets, run as Sheets would: its functions called with what a sheet hands over.
//
//   node in_sheets.mjs SCRIPT CALLS     a list of [function, [arguments]]; what each answers as JSON on stdout
//   node in_sheets.mjs SCRIPT CALLS zValue fold    the same of parts inside the script, by their names
//
// A cell {"date": "2026-01-31 18:00:00"} is one formatted as a date: it comes as a Date, in the time zone of the
// spreadsheet, while the script runs in another one. Both answers are returned: `inner` with its codes, and `cells` as
// Sheets gets it, {"thrown": message} where the function throws and {"nan": true} for NaN.
import fs from "node:fs";
import vm from "node:vm";

process.env.TZ = "Asia/Tokyo";
const SPREADSHEET_ZONE = "America/New_York"; // behind UTC, and its clocks are changed twice a year

const [script, calls, ...parts] = process.argv.slice(2);
const format = new Intl.DateTimeFormat("en-CA", {
  timeZone: SPREADSHEET_ZONE, hourCycle: "h23",
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const clock = (date) => {
  const shown = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  return [shown.year.padStart(4, "0"), shown.month, shown.day, shown.hour, shown.minute, shown.second];
};
const moment = (local) => {
  // the moment at which the clock of the spreadsheet shows this
  const wanted = Date.parse(`${local.replace(" ", "T")}Z`);
  let found = wanted;
  for (let round = 0; round < 3; round += 1) {
    const [year, month, ...rest] = clock(new Date(found)).map(Number);
    found += wanted - Date.UTC(year, month - 1, ...rest);
  }
  return new Date(found);
};
let asked = 0;
const sheets = vm.createContext({
  SpreadsheetApp: { getActive: () => ({ getSpreadsheetTimeZone: () => SPREADSHEET_ZONE }) },
  Utilities: {
    formatDate(date, zone, pattern) {
      if (zone !== SPREADSHEET_ZONE || pattern !== "yyyy MM dd HH mm ss") throw new Error(`not known here: ${zone} ${pattern}`);
      asked += 1;
      return clock(date).join(" ");
    },
  },
});
const source = fs.readFileSync(script, "utf-8");
vm.runInContext(source.replace("return { answer, shown", ["return { answer, shown", ...parts].join(", ")), sheets);

const asSheetsGives = (cell) => {
  if (Array.isArray(cell)) return cell.map(asSheetsGives);
  if (cell === null || typeof cell !== "object") return cell;
  if (cell.error) return cell.error;
  return moment(cell.date);
};
const code = vm.runInContext("(value) => (value instanceof Error ? { error: value.code } : value)", sheets);
const inner = vm.runInContext("PartnerKpi_.answer", sheets);
const plain = (found, cell) => (Array.isArray(found) ? found.map((row) => row.map(cell)) : cell(found));

const inside = parts.length ? vm.runInContext("PartnerKpi_", sheets) : {};
const answers = JSON.parse(fs.readFileSync(calls)).map(([name, given]) => {
  if (Object.hasOwn(inside, name)) return inside[name](...given);
  const handed = given.map(asSheetsGives);
  let cells;
  try {
    cells = plain(sheets[name](...handed), (cell) => (Number.isNaN(cell) ? { nan: true } : cell));
  } catch (error) {
    cells = { thrown: error.message };
  }
  return { inner: plain(inner(name, handed), code), cells };
});
const functions = Object.keys(sheets).filter((name) => typeof sheets[name] === "function");
process.stdout.write(JSON.stringify({ answers, functions, asked }));
