// ---- One cell: what it counts as. The same policy in every function, and the same as in Excel (docs/functions.md).

/** An error of a spreadsheet: its code, such as #N/A, and why. */
class CellError extends Error {
  constructor(code, reason) {
    super(`${code}: ${reason}`);
    this.code = code;
  }
}

const noData = (reason) => new CellError("#N/A", reason);
const notPossible = (reason) => new CellError("#NUM!", reason);
const notFitting = (reason) => new CellError("#VALUE!", reason);

/** All cells of an argument in reading order. One cell comes as its value, a range as rows, one left out as undefined. */
function cellsOf(argument) {
  return Array.isArray(argument) ? argument.flat() : [argument];
}

/** The error that a cell holds, or null. Sheets hands errors over as their texts. */
function errorIn(cell) {
  if (typeof cell !== "string") return null;
  const text = cell.trim();
  if (text === WORDS.loading) return text;
  return WORDS.errors.has(text.toUpperCase()) ? text.toUpperCase() : null;
}

/** A cell without the blanks around its text, and null for nothing. Throws the error that the cell holds. */
function checked(cell) {
  const code = errorIn(cell);
  if (code !== null) throw new CellError(code, "a cell of the range holds this");
  if (typeof cell === "string") return cell.replace(WORDS.outerSpaces, "") || null;
  return cell === undefined ? null : cell;
}

const isDate = (cell) => Object.prototype.toString.call(cell) === "[object Date]";

/** Whether people would take a text for a number: "$ 8,000", "1'000.50", "(12)", "9 %". */
function readsAsNumber(text) {
  const bare = text.replace(WORDS.spaces, "");
  return WORDS.number.test(bare) && bare.startsWith("(") === bare.endsWith(")");
}

/** The number in a cell, or null where the cell counts nowhere: blanks, words, TRUE and FALSE. */
function numberIn(cell, low = -Infinity, high = Infinity) {
  cell = checked(cell);
  if (cell === null || typeof cell === "boolean") return null;
  if (typeof cell === "string") {
    if (readsAsNumber(cell)) throw notFitting(`"${cell}" is a number stored as text; make the cell a number`);
    return null;
  }
  if (typeof cell !== "number") throw notFitting("a date or something else where a number is expected");
  return within(cell, low, high);
}

/** A number that is finite and lies between two bounds, or #NUM!. */
function within(number, low = -Infinity, high = Infinity) {
  if (Number.isFinite(number) && low <= number && number <= high) return number;
  throw notPossible(`${number} lies outside what is allowed${Number.isFinite(low) ? `: ${low} to ${high}` : ""}`);
}

/** A whole number of 0 or more, or #NUM!. */
function whole(number) {
  if (Number.isInteger(number) && number >= 0) return number;
  throw notPossible(`${number} is no whole number of 0 or more`);
}

/** The text in a cell, such as the name of a partner; null for a blank. 12 is "12", more than 15 digits #NUM!, a date "2026-01-31". */
function nameIn(cell) {
  cell = checked(cell);
  if (cell === null || typeof cell === "string") return cell;
  if (typeof cell === "boolean") return cell ? "TRUE" : "FALSE";
  if (isDate(cell)) return shownDay(cell).replace(" 00:00:00", "");
  const number = numberIn(cell);
  if (Math.abs(number) >= 1e15) throw notPossible(`${number} has lost digits: keep ids of more than 15 as text`);
  return Number.isInteger(number) ? BigInt(number).toString() : fifteenDigits(number);
}

/** A number with 15 digits, and no more zeros than are needed. */
function fifteenDigits(number) {
  const [digits, exponent] = number.toExponential(14).split("e");
  if (exponent >= -4 && exponent < 15) return String(Number(number.toPrecision(15)));
  const sign = exponent < 0 ? "-" : "+";
  return `${Number(digits)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** TRUE, FALSE or null for a blank; 1 and 0 and the words for yes and no are taken. */
function flagIn(cell) {
  cell = checked(cell);
  if (cell === null || typeof cell === "boolean") return cell;
  if (typeof cell === "string" && WORDS.saysYes.has(fold(cell))) return true;
  if (typeof cell === "string" && WORDS.saysNo.has(fold(cell))) return false;
  if (cell === 1 || cell === 0) return cell === 1;
  throw notFitting(`"${cell}" is neither TRUE nor FALSE, 1 nor 0, yes nor no`);
}

/** A text as it is compared: without the difference of capitals. ß, ẞ and SS are one. */
function fold(text) {
  const small = (one) => (one === "ı" ? one : one.toLowerCase().toUpperCase().toLowerCase());
  return Array.from(text, small).join("").replace(/ς/g, "σ");
}

const DAY = 86400000; // milliseconds
const clocks = new Map(); // by the number of a day of UTC

/** How far the clock of the spreadsheet, not of this script, is ahead of UTC at a moment, in milliseconds. */
function ahead(moment) {
  const zone = SpreadsheetApp.getActive().getSpreadsheetTimeZone();
  const shown = Utilities.formatDate(new Date(moment), zone, "yyyy MM dd HH mm ss").split(" ").map(Number);
  return Date.UTC(shown[0], shown[1] - 1, ...shown.slice(2)) - Math.floor(moment / 1000) * 1000;
}

/** The same at the beginning of a day of UTC. Sheets is asked once for each day: each question takes its time. */
function aheadOn(day) {
  if (!clocks.has(day)) clocks.set(day, ahead(day * DAY));
  return clocks.get(day);
}

/** A date as the sheet shows it, "2026-01-31 00:00:00". */
function shownDay(date) {
  const moment = date.getTime();
  const day = Math.floor(moment / DAY);
  // on a day on which clocks are changed the moment itself is asked for
  const clock = aheadOn(day) === aheadOn(day + 1) ? aheadOn(day) : ahead(moment);
  return new Date(moment + clock).toISOString().slice(0, 19).replace("T", " ");
}

/** The day of a date, counted from 1 January 1970; null for a blank. A number is the day it stands for. */
function dayIn(cell) {
  if (isDate(cell)) return Date.parse(shownDay(cell).slice(0, 10)) / DAY;
  const serial = numberIn(cell);
  if (serial === null) {
    if (nameIn(cell) !== null) throw notFitting("a date that is text, or no date at all; make the cells dates");
    return null;
  }
  within(serial, DAYS.first, DAYS.last);
  // days from 30 December 1899; before March 1900 one less, for Excel has a 29 February there
  const day = Math.min(Math.floor(serial), DAYS.last - 1) + (serial < DAYS.fictitious ? 1 : 0);
  return Date.UTC(1899, 11, 30) / DAY + day;
}

/** The number of the period of a day: of so many months from year 0 on; of 0, the week by its Thursday. */
function stepOf(day, months) {
  if (months === 0) return Math.floor((day + 3) / 7);
  const date = new Date(day * DAY);
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months);
}

// ---- A whole argument: a number, a choice, a list, a range that pairs up with another

const scoresOf = (argument) => cellsOf(argument).map((cell) => numberIn(cell, SCALE.lowest, SCALE.highest));
const amountsOf = (argument) => cellsOf(argument).map((cell) => numberIn(cell));
const namesOf = (argument) => cellsOf(argument).map(nameIn);
const flagsOf = (argument) => cellsOf(argument).map(flagIn);

/** A single number, or the default where it was left out or its cell is blank. */
function numberOf(argument, otherwise = null) {
  const cells = cellsOf(argument);
  if (cells.length > 1) throw notFitting(`${cells.length} cells where one number is expected`);
  const cell = checked(cells[0]);
  if (cell === null) return otherwise;
  if (typeof cell === "boolean" || typeof cell === "string") throw notFitting(`"${cell}" is no number`);
  return numberIn(cell);
}

const confidenceOf = (argument) => numberOf(argument, DEFAULTS.confidence);
const minimumOf = (argument) => whole(numberOf(argument, DEFAULTS.minResponses));

function populationOf(argument) {
  const size = numberOf(argument);
  return size === null ? null : whole(size);
}

/** A figure that may be missing: null for a blank cell and for #N/A. */
function figureOf(argument) {
  const cells = cellsOf(argument);
  return cells.length === 1 && errorIn(cells[0]) === "#N/A" ? null : numberOf(argument);
}

/** A single text; null where it was left out. */
function oneNameOf(argument) {
  const names = namesOf(argument);
  if (names.length > 1) throw notFitting(`${names.length} cells where one word is expected`);
  return names[0];
}

function wordOf(argument) {
  const name = oneNameOf(argument);
  return name === null ? null : fold(name);
}

/** How many months a period has, by its name: 3 where none is given, 0 for a week. */
function monthsOf(argument) {
  const word = wordOf(argument) || "quarter";
  if (!MONTHS.has(word)) throw notFitting(`period is "${word}"; allowed: ${[...MONTHS.keys()].join(", ")}`);
  return MONTHS.get(word);
}

/** One answer for each cell, in the shape of the range. */
function eachCell(argument, answer) {
  if (!Array.isArray(argument)) return answer(argument);
  const rows = argument.map((row) => row.map(answer));
  return rows.length === 1 && rows[0].length === 1 ? rows[0][0] : rows;
}

/** The three weights, or the default ones. */
function weightsOf(argument) {
  const weights = amountsOf(argument);
  if (weights.length === 1 && namesOf(argument)[0] === null) return DEFAULTS.weights;
  if (weights.length !== 3 || weights.includes(null)) throw notFitting("weights are three numbers");
  return weights;
}

/** A heading's words in small letters, without accents and punctuation. */
function plainName(name) {
  const parted = name.replace(/(?<=[a-z])(?=[A-Z][a-z])/g, " ").normalize("NFKD").replace(/(?![\u3099\u309a])\p{Mn}/gu, "");
  return (fold(parted.normalize("NFC")).match(/[\p{L}\p{N}]+/gu) || []).join(" ");
}

const isHeading = (cell, headings) => typeof cell === "string" && headings.has(plainName(cell));

/** The cells of a range; a heading in the first of several, which a whole column brings along, is taken for a blank. */
function withoutHeading(argument, headings) {
  const cells = cellsOf(argument);
  return cells.length > 1 && isHeading(cells[0], headings) ? [null, ...cells.slice(1)] : cells;
}

function sameLength(first, second) {
  if (first.length !== second.length) {
    throw notFitting(`the ranges have ${first.length} and ${second.length} cells; they must be equally long`);
  }
}

/** The scores of a range; #N/A where there is none. */
function someScoresOf(argument) {
  const scores = scoresOf(argument);
  if (scores.every((score) => score === null)) throw noData("there is no score in the range");
  return scores;
}

/** The scores of each group, as a Map; the name of answers without one is null. */
function groupedScores(groups, given) {
  const cells = cellsOf(groups);
  const scores = someScoresOf(given);
  sameLength(cells, scores);
  const headed = isHeading(cells[0], HEADINGS.group) || isHeading(cellsOf(given)[0], HEADINGS.score);
  if (scores[0] === null && headed) cells[0] = null;
  const grouped = new Map();
  cells.map(nameIn).forEach((name, row) => {
    if (name === null && scores[row] === null) return;
    if (!grouped.has(name)) grouped.set(name, []);
    grouped.get(name).push(scores[row]);
  });
  return grouped;
}

/** The month and the score of each row that has a score. */
function datedScores(dates, given) {
  const cells = cellsOf(dates);
  const scores = someScoresOf(given);
  sameLength(cells, scores);
  cells.forEach((cell) => errorIn(cell) === null || checked(cell));
  return cells.flatMap((cell, row) => (scores[row] === null ? [] : [[dayIn(cell), scores[row]]]));
}

/** A count from one cell with a number: a number. The names of a list: { names, numbersOnly }. Nothing at all: null. */
function countOrNames(argument) {
  const cells = withoutHeading(argument, HEADINGS.partner);
  if (cells.length === 1) {
    const count = typeof cells[0] === "string" ? numberIn(cells[0]) : numberOf(cells[0]);
    if (count !== null) return whole(count);
  }
  const known = cells.filter((cell) => nameIn(cell) !== null);
  if (known.length === 0) return null;
  return { names: known.map(nameIn), numbersOnly: known.every((cell) => typeof cell === "number") };
}

const isList = (given) => given !== null && typeof given === "object";

/** Two of them. A list of numbers beside a count may hold counts to be added up, so it is refused. */
function twoCounts(first, second) {
  const given = [countOrNames(first), countOrNames(second)];
  const lists = given.filter(isList);
  if (lists.length === 1 && lists[0].numbersOnly) {
    throw notFitting("a range of numbers is no list of names; add them up with SUM if they are counts");
  }
  return given;
}

/** How many answered and how many were invited, from two numbers, two ranges of counts, or of TRUE and FALSE. */
function answeredOfInvited(answered, invited) {
  const both = [answered, invited].map((one) => withoutHeading(one, HEADINGS.invited));
  sameLength(...both);
  const isWord = (cell) => typeof cell === "string" && errorIn(cell) === null && nameIn(cell) !== null;
  const saysYesOrNo = (cells) => cells.some((cell) => typeof cell === "boolean" || isWord(cell));
  const isOnesAndZeros = (cells) => {
    const known = amountsOf(cells).filter((amount) => amount !== null);
    return known.length > 0 && known.every((amount) => amount === 0 || amount === 1);
  };
  const persons = both[0].length > 1 && (saysYesOrNo(both[0]) || saysYesOrNo(both[1]) || isOnesAndZeros(both[1]));
  const totals = both.map((cells) => {
    const known = cells.map((cell) => (persons ? flagIn(cell) : numberOf(cell))).filter((count) => count !== null);
    return known.length ? known.reduce((total, count) => total + whole(Number(count)), 0) : null;
  });
  return totals.includes(null) ? null : totals;
}

/** Two rates as fractions, where each argument is one cell with a number; null for anything else. */
function ratesOf(first, second) {
  const cells = [...cellsOf(first), ...cellsOf(second)];
  if (cells.length !== 2 || cells.some((cell) => typeof cell !== "number")) return null;
  return cells.map((rate) => within(rate, 0, 1));
}

/** Customers, those who stayed, and both for those with a partner, from one row for each customer. */
function customersOf(retained, partner) {
  const stayed = withoutHeading(retained, HEADINGS.retained).map(flagIn);
  const partners = namesOf(partner);
  sameLength(stayed, partners);
  const tally = { customers: 0, retained: 0, partnerCustomers: 0, partnerRetained: 0 };
  stayed.forEach((kept, row) => {
    if (kept === null) return;
    const helped = partners[row] !== null && !WORDS.noPartner.has(fold(partners[row]));
    tally.customers += 1;
    tally.retained += kept ? 1 : 0;
    tally.partnerCustomers += helped ? 1 : 0;
    tally.partnerRetained += kept && helped ? 1 : 0;
  });
  return tally;
}

/** The same with one partner's customers as those with a partner. */
function customersOfOne(retained, partner, name) {
  let wanted = oneNameOf(name);
  if (wanted !== null && WORDS.noPartner.has(fold(wanted))) wanted = null;
  return customersOf(retained, namesOf(partner).map((one) => wanted !== null && one === wanted));
}

/** What customers paid at the start, and what became of that: paid more, paid less, gone. */
function revenueOf(start, end) {
  const before = amountsOf(start);
  const after = amountsOf(end);
  sameLength(before, after);
  [...before, ...after].forEach((amount) => amount === null || within(amount, 0));
  const rows = before.map((had, row) => [had, after[row]]).filter(([had]) => had);
  if (rows.some(([, has]) => has === null)) throw noData("revenue at the end is not known of every customer");
  return {
    start: sum(rows.map(([had]) => had)),
    expansion: sum(rows.map(([had, has]) => Math.max(0, has - had))),
    contraction: sum(rows.map(([had, has]) => (has ? Math.max(0, had - has) : 0))),
    churn: sum(rows.map(([had, has]) => (has ? 0 : had))),
  };
}
