// ---- The functions, each as its arguments come. null is no data; a table is rows.

/** A share in percent as cells keep it: 0.85 for 85 %. */
const asFraction = (percent) => (percent === null ? null : percent / 100);

/** The name of the band that a figure lies in. */
const ratingOf = (kpi, figure) => BENCHMARKS[kpi].bands.filter((band) => figure >= band.from).pop().name;

const boundOf = (scores, confidence, population, pick) => {
  const interval = intervalOf(countScores(scores), confidenceOf(confidence), populationOf(population));
  return interval ? pick(interval) : null;
};

const losses = (contraction, churn, most) => {
  const lost = contraction + churn;
  if (lost > most && Math.abs(lost - most) > 1e-9 * lost) throw notPossible("more is lost than there was");
  return Math.min(lost, most);
};

const FUNCTIONS = {
  PARTNER_NPS: (scores) => npsOf(countScores(scores)),

  PARTNER_NPS_MARGIN: (scores, confidence) => boundOf(scores, confidence, null, ({ low, high }) => (high - low) / 2),
  PARTNER_NPS_LOW: (scores, confidence, population) => boundOf(scores, confidence, population, ({ low }) => low),
  PARTNER_NPS_HIGH: (scores, confidence, population) => boundOf(scores, confidence, population, ({ high }) => high),

  PARTNER_NPS_SHIFT(before, after) {
    const [first, second] = [countScores(before), countScores(after)];
    const raw = npsOf(second) - npsOf(first);
    const p = Math.min(answersOf(first), answersOf(second)) < 2 ? null : differenceP(first, second);
    return [[raw, p, saidOf(raw, p)]];
  },

  PARTNER_NPS_ABOVE(scores, benchmark) {
    const points = numberOf(benchmark);
    const tally = countScores(scores);
    return points === null ? null : aboveP(tally, points);
  },

  PARTNER_NPS_CLUSTERED(partners, scores, confidence) {
    const tallies = [...groupedScores(partners, scores).values()].map(tallyOf);
    const interval = clusteredInterval(tallies, confidenceOf(confidence));
    return interval === null ? null : [[interval.low, interval.high]];
  },

  PARTNER_NPS_GROUP: (score) =>
    eachCell(score, (cell) => {
      try {
        const points = numberIn(cell, SCALE.lowest, SCALE.highest);
        if (points === null) return null;
        const band = bandOf(points);
        return band[0].toUpperCase() + band.slice(1);
      } catch (error) {
        if (error instanceof CellError) return error;
        throw error;
      }
    }),

  PARTNER_RESPONSE_RATE(answered, invited) {
    const counts = answeredOfInvited(answered, invited);
    return counts === null || counts[1] === 0 ? null : asFraction((100 * counts[0]) / counts[1]);
  },

  PARTNER_NPS_SUMMARY(scores, confidence) {
    const tally = countScores(scores);
    const interval = intervalOf(tally, confidenceOf(confidence)) || { low: null, high: null };
    const answers = answersOf(tally);
    const few = answers < DEFAULTS.minResponses;
    return [
      ["Responses", answers, 1],
      ["Promoters", tally.promoters, tally.promoters / answers],
      ["Passives", tally.passives, tally.passives / answers],
      ["Detractors", tally.detractors, tally.detractors / answers],
      ["NPS", npsOf(tally), ""],
      ["Low", interval.low, ""],
      ["High", interval.high, ""],
      ["Rating", few ? TEXTS.fewResponses : ratingOf("nps", npsOf(tally)), ""],
    ];
  },

  PARTNER_NPS_BY(groups, scores, minResponses) {
    const minimum = minimumOf(minResponses);
    const tallies = new Map();
    for (const [name, points] of groupedScores(groups, scores)) {
      const shown = name === null ? TEXTS.blank : name; // somebody may be called so
      tallies.set(shown, together([tallies.get(shown) || tallyOf([]), tallyOf(points)]));
    }
    const names = [...tallies.keys()];
    const pulled = shrunkNps([...tallies.values()]);
    const shrunk = new Map(names.map((name, place) => [name, pulled[place]]));
    return inOrder(tallies, shrunk, minimum).map((name) => {
      const tally = tallies.get(name);
      const nps = npsOf(tally);
      const few = answersOf(tally) > 0 && answersOf(tally) < minimum;
      const rating = few ? TEXTS.fewResponses : nps === null ? null : ratingOf("nps", nps);
      return [name, ...figuresOf(tally), shrunk.get(name), rating];
    });
  },

  PARTNER_NPS_TREND(dates, scores, period) {
    const months = monthsOf(period);
    const collected = new Map();
    for (const [day, score] of datedScores(dates, scores)) {
      const step = day === null ? null : stepOf(day, months);
      if (!collected.has(step)) collected.set(step, []);
      collected.get(step).push(score);
    }
    const known = [...collected.keys()].filter((step) => step !== null).sort((one, other) => one - other);
    const span = known.length ? known[known.length - 1] - known[0] : -1;
    // gaps are shown, but a mistyped year must not fill a page with them
    const longest = months ? LONGEST_GAPLESS : LONGEST_GAPLESS_WEEKS;
    const steps = span > longest ? known : Array.from({ length: span + 1 }, (_, place) => known[0] + place);
    const rows = steps.map((step) => [periodName(step, months), ...figuresOf(tallyOf(collected.get(step) || []))]);
    if (collected.has(null)) rows.push([TEXTS.noDate, ...figuresOf(tallyOf(collected.get(null)))]);
    return rows;
  },

  PARTNER_ADVOCACY(activities, partners) {
    let [given, listed] = twoCounts(activities, partners);
    if (isList(given)) {
      const known = new Set(isList(listed) ? listed.names : given.names);
      given = given.names.filter((name) => known.has(name)).length || null;
    }
    if (isList(listed)) listed = new Set(listed.names).size;
    if (given === null || listed === null) return null;
    if (given > 0 && listed === 0) throw notPossible("activities without a partner");
    return listed === 0 ? null : given / listed;
  },

  PARTNER_ADVOCATES(partners, activePartners) {
    let [listed, active] = twoCounts(partners, activePartners);
    if (isList(active)) {
      const known = new Set(isList(listed) ? listed.names : active.names);
      active = new Set(active.names.filter((name) => known.has(name))).size || null;
    }
    if (isList(listed)) listed = new Set(listed.names).size;
    if (active === null || listed === null) return null;
    if (active > listed) throw notPossible(`${active} active partners of ${listed}`);
    return listed > 1 ? asFraction((100 * active) / listed) : null; // one partner is active or it is not
  },

  PARTNER_RETENTION(startCustomers, endCustomers, newCustomers) {
    const [start, end, won] = [startCustomers, endCustomers, newCustomers].map((one) => numberOf(one));
    if (start === null || end === null || won === null) return null;
    for (const count of [start, end, won]) within(count, 0);
    if (won > end || end - won > start) throw notPossible("more customers stayed than there were");
    return start === 0 ? null : asFraction(Math.min(100, (100 * (end - won)) / start));
  },

  PARTNER_RETENTION_RATE(retained) {
    const known = withoutHeading(retained, HEADINGS.retained).map(flagIn).filter((kept) => kept !== null);
    return known.length === 0 ? null : asFraction((100 * known.filter(Boolean).length) / known.length);
  },

  PARTNER_RETENTION_INFLUENCE(retained, partner) {
    const rates = ratesOf(retained, partner);
    if (rates === null) return influenceShare(customersOf(retained, partner));
    if (rates[0] > rates[1]) throw notPossible("a part cannot exceed the whole; see PARTNER_RETENTION_INDEX");
    return rates[1] === 0 ? null : (100 * rates[0]) / rates[1];
  },

  PARTNER_RETENTION_INDEX(retained, partner) {
    const rates = ratesOf(retained, partner);
    if (rates !== null) return rates[1] === 0 ? null : (100 * rates[0]) / rates[1];
    const tally = customersOf(retained, partner);
    if (tally.partnerCustomers === 0 || tally.retained === 0) return null;
    return (100 * tally.partnerRetained * tally.customers) / (tally.partnerCustomers * tally.retained);
  },

  PARTNER_RETENTION_LIFT(retained, partner) {
    const tally = customersOf(retained, partner);
    const base = tally.partnerCustomers;
    const others = tally.customers - base;
    if (base === 0 || others === 0) return null;
    return (100 * (tally.partnerRetained * others - (tally.retained - tally.partnerRetained) * base)) / (base * others);
  },

  PARTNER_RETENTION_PART(retained, partner, onePartner) {
    const tally = customersOfOne(retained, partner, onePartner);
    const none = tally.partnerCustomers === 0 || tally.partnerCustomers === tally.customers;
    return none ? null : influenceShare(tally);
  },

  PARTNER_NRR(startRevenue, endRevenue) {
    const { start, expansion, contraction, churn } = revenueOf(startRevenue, endRevenue);
    const kept = start + expansion - losses(contraction, churn, start + expansion);
    return start === 0 ? null : asFraction((100 * kept) / start);
  },

  PARTNER_GRR(startRevenue, endRevenue) {
    const { start, contraction, churn } = revenueOf(startRevenue, endRevenue);
    const kept = start - losses(contraction, churn, start);
    return start === 0 ? null : asFraction(Math.min(100, (100 * kept) / start));
  },

  PARTNER_ATTAINMENT(nps, advocates, influence, weights) {
    const active = figureOf(advocates);
    const figures = [figureOf(nps), active === null ? null : 100 * active, figureOf(influence)];
    const given = weightsOf(weights).map((weight) => within(weight, 0));
    if (sum(given) === 0) throw notPossible("all weights are 0");
    const clamped = (points) => Math.min(100, Math.max(0, points));
    const earned = figures.map((figure, place) => {
      if (figure === null) return null;
      const { lowest, counts0, counts100 } = TARGETS[place];
      return given[place] * clamped((100 * (within(figure, lowest, 100) - counts0)) / (counts100 - counts0));
    });
    const covered = sum(given.filter((_, place) => figures[place] !== null));
    return covered > 0 ? clamped(sum(earned.filter((points) => points !== null)) / covered) : null;
  },

  PARTNER_HEALTH: (nps, advocates, influence, weights) => FUNCTIONS.PARTNER_ATTAINMENT(nps, advocates, influence, weights),

  PARTNER_RATING(kpi, value) {
    const name = wordOf(kpi);
    if (name === null) throw notFitting("no KPI was named");
    const figure = numberOf(value);
    if (!Object.hasOwn(BENCHMARKS, name)) throw notFitting(`kpi is "${name}"; allowed: ${Object.keys(BENCHMARKS).join(", ")}`);
    return figure === null ? null : ratingOf(name, within(figure, BENCHMARKS[name].lowest, BENCHMARKS[name].highest));
  },
};

const influenceShare = (tally) => (tally.retained === 0 ? null : (100 * tally.partnerRetained) / tally.retained);

/** The name of a period by its place: 2026, 2026-Q3 or 2026-07. */
function periodName(step, months) {
  if (months === 0) {
    const thursday = 7 * step; // which tells the year of a week
    const year = new Date(thursday * DAY).getUTCFullYear();
    const week = Math.floor((thursday - Date.UTC(year, 0, 1) / DAY) / 7) + 1;
    return `${year}-W${String(week).padStart(2, "0")}`;
  }
  const year = String(Math.floor((step * months) / 12)).padStart(4, "0");
  const within12 = (step * months) % 12;
  if (months === 12) return year;
  return months === 3 ? `${year}-Q${within12 / 3 + 1}` : `${year}-${String(within12 + 1).padStart(2, "0")}`;
}

// ---- What a cell of the sheet gets

/** The answer of a function: a value, rows of values, or CellErrors in their place. No data is #N/A. */
function answer(name, given) {
  const cell = (value) => {
    if (value === null || Number.isNaN(value)) return noData("there are no data for this figure");
    if (typeof value === "string") return value.slice(0, LONGEST_TEXT);
    return typeof value === "number" && !Number.isFinite(value) ? notPossible("no finite number") : value;
  };
  try {
    const found = FUNCTIONS[name](...given);
    return Array.isArray(found) ? found.map((row) => row.map(cell)) : cell(found);
  } catch (error) {
    return error instanceof CellError ? error : notFitting(error.message);
  }
}

/**
 * The answer as Sheets takes it. A single error is thrown: the cell shows #ERROR!, and its code and the reason when the
 * mouse is over it. In a table only one cell can be an error, and NaN is the only one that a script can give: #NUM!.
 */
function shown(name, given) {
  const found = answer(name, given);
  if (found instanceof CellError) throw found;
  return Array.isArray(found) ? found.map((row) => row.map((cell) => (cell instanceof CellError ? NaN : cell))) : found;
}
