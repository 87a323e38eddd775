// ---- Strategic Partner NPS: everything follows from three counts, detractors, passives and promoters

/** The three counts of some scores; null counts nowhere. */
function tallyOf(scores) {
  const tally = { detractors: 0, passives: 0, promoters: 0 };
  for (const score of scores) if (score !== null) tally[`${bandOf(score)}s`] += 1;
  return tally;
}

function bandOf(score) {
  if (score >= SCALE.promoterFrom) return "promoter";
  return score >= SCALE.passiveFrom ? "passive" : "detractor";
}

/** The counts of a range; #N/A where no cell holds a score. */
function countScores(argument) {
  return tallyOf(someScoresOf(argument));
}

const answersOf = (tally) => tally.detractors + tally.passives + tally.promoters;
const leadOf = (tally) => tally.promoters - tally.detractors;
const outerOf = (tally) => tally.promoters + tally.detractors;
const npsOf = (tally) => (answersOf(tally) ? (100 * leadOf(tally)) / answersOf(tally) : null);

/** The counts of several tallies together. */
function together(tallies) {
  const all = { detractors: 0, passives: 0, promoters: 0 };
  for (const tally of tallies) for (const band of Object.keys(all)) all[band] += tally[band];
  return all;
}

/** The interval of the NPS in points: adjusted Wald with three answers added (Rocks 2016); null below two answers. */
function intervalOf(tally, confidence = DEFAULTS.confidence, population = null) {
  const z = zValue(confidence);
  const answers = answersOf(tally);
  if (answers === 0) return null;
  let correction = 1; // how much is not known: 1 of an endless population, 0 of a census
  if (population !== null) {
    if (population < answers) throw notPossible(`population is ${population}, with ${answers} answers`);
    correction = population === answers ? 0 : (population - answers) / (population - 1);
  }
  if (answers < 2) return null;
  const total = answers + 3 * correction;
  const detractors = tally.detractors + 0.75 * correction;
  const promoters = tally.promoters + 0.75 * correction;
  const share = (promoters - detractors) / total;
  const spread = (promoters + detractors) / total - share ** 2;
  const reach = z * 100 * Math.sqrt(Math.max(0, (correction * spread) / total));
  const points = (100 * (promoters - detractors)) / total;
  return { low: Math.max(-100, points - reach), high: Math.min(100, points + reach) };
}

/** Answers, NPS, low and high, as tables show them. */
function figuresOf(tally) {
  const interval = intervalOf(tally);
  return [answersOf(tally), npsOf(tally), interval ? interval.low : null, interval ? interval.high : null];
}

// ---- whether two NPS differ by more than chance

/**
 * The two-sided p-value of a permutation test: given all answers of both sides, chance alone decides which fell to which
 * (Fisher 1935, Pitman 1937). Up to 60 answers on the smaller side each way is counted out; above, a normal curve.
 */
function differenceP(first, second) {
  const n1 = answersOf(first);
  const n2 = answersOf(second);
  const pool = together([first, second]);
  const everybody = n1 + n2;
  const spread = outerOf(pool) * everybody - leadOf(pool) ** 2;
  if (spread === 0) return 1;
  const lead = (leadOf(second) * n1 - leadOf(first) * n2) / (n1 * n2);
  const z = lead / Math.sqrt(spread / (n1 * n2 * (everybody - 1)));
  if (Math.min(n1, n2) > 60) return erfc(Math.abs(z) / Math.SQRT2);
  const small = n1 <= n2 ? first : second;
  // the tail that z points to; mirrored, it is that of the lower sums
  const mirrored = z > 0 === (small === second);
  const turn = (tally) => (mirrored ? { ...tally, detractors: tally.promoters, promoters: tally.detractors } : tally);
  const [tail, seen] = lowerTail(turn(small), turn(pool));
  return Math.min(1, 2 * Math.min(tail, 1 - tail + seen));
}

/** The probability of a sum of at most, and of exactly, that of a side which chance took from a pool. */
function lowerTail(side, pool) {
  const size = answersOf(side);
  const everybody = answersOf(pool);
  const ways = (count) => {
    const found = [1]; // to take 0, 1, 2 ... of so many, each over everybody^taken so that they stay numbers
    for (let taken = 0; taken < size; taken += 1) {
      found.push(taken < count ? found[taken] * ((count - taken) / ((taken + 1) * everybody)) : 0);
    }
    return found;
  };
  const [detractors, passives, promoters] = [pool.detractors, pool.passives, pool.promoters].map(ways);
  let tail = 0;
  let seen = 0;
  for (let up = 0; up <= size; up += 1) {
    for (let down = 0; down <= size - up; down += 1) {
      const way = promoters[up] * detractors[down] * passives[size - up - down];
      if (up - down <= leadOf(side)) tail += way;
      if (up - down === leadOf(side)) seen += way;
    }
  }
  const all = ways(everybody)[size];
  return [tail / all, seen / all];
}

/** What may be said of a difference with this p-value. */
function saidOf(difference, p) {
  if (!difference || p === null || p >= 1 - DEFAULTS.confidence) return "cannot tell";
  return difference > 0 ? "up" : "down";
}

/** The one-sided p-value of an NPS above a benchmark: the score test of Tango 1998, in closed form; null of one answer. */
function aboveP(tally, benchmark) {
  within(benchmark, -100, 100);
  const answers = answersOf(tally);
  if (answers < 2) return null;
  const share = Math.abs(benchmark) / 100;
  const away = benchmark < 0 ? tally.promoters : tally.detractors;
  const linear = 2 * answers * share - outerOf(tally) - leadOf(tally) * (benchmark / 100);
  const free = share * (1 - share);
  const root = (Math.sqrt(linear * linear + 8 * answers * away * free) - linear) / (2 * answers);
  const variance = (root + free) / answers;
  const lead = leadOf(tally) / answers - benchmark / 100;
  if (variance > 0) return erfc(lead / Math.sqrt(2 * variance)) / 2;
  if (lead === 0) return 0.5; // all alike, on the benchmark itself
  return lead > 0 ? 0 : 1;
}

/** The interval of the NPS if these partners stand for others (Liang and Zeger 1986); null where they do not differ. */
function clusteredInterval(tallies, confidence) {
  zValue(confidence); // refuses what is no confidence
  const known = tallies.filter(answersOf);
  const all = together(known);
  const answers = BigInt(answersOf(all));
  const lead = BigInt(leadOf(all));
  // whole numbers of any length: partners that do not differ at all differ by exactly 0
  const squares = known
    .map((tally) => BigInt(leadOf(tally)) * answers - lead * BigInt(answersOf(tally)))
    .reduce((total, part) => total + part * part, 0n);
  if (known.length < 2 || squares === 0n) return null;
  const variance = (known.length / (known.length - 1)) * (Number(squares) / Number(answers) ** 4);
  const reach = tValue(confidence, known.length - 1) * 100 * Math.sqrt(variance);
  const points = npsOf(all);
  return { low: Math.max(-100, points - reach), high: Math.min(100, points + reach) };
}

// ---- partners in order

/** Each partner's NPS pulled towards the mean of all, so that few answers are trusted less. */
function shrunkNps(tallies) {
  const squares = (tally) => outerOf(tally) - (leadOf(tally) * leadOf(tally)) / answersOf(tally);
  const known = tallies.filter(answersOf);
  const all = together(known);
  const inside = sum(known.map(squares));
  let variance = inside > 0 ? (10000 * inside) / (answersOf(all) - known.length) : null;
  if (variance === null && known.length && squares(all) > 0) variance = (10000 * squares(all)) / (answersOf(all) - 1);
  const points = tallies.map(npsOf);
  return variance === null ? points : shrink(points, tallies.map((tally) => variance / answersOf(tally)));
}

/** The names of tallies, best first; those with too few answers below the others, those without any last. */
function inOrder(tallies, shrunk, minimum) {
  const place = (name) => {
    const points = shrunk.get(name);
    const rounded = Math.round((points || 0) * 1e9) / 1e9;
    const tally = tallies.get(name);
    return [points === null ? 1 : 0, -rounded, -(npsOf(tally) || 0), -answersOf(tally), fold(name), name];
  };
  const names = [...tallies.keys()].map((name) => [name, place(name)]);
  names.sort(([, one], [, other]) => {
    const differs = one.findIndex((part, number) => part !== other[number]);
    return differs < 0 ? 0 : one[differs] < other[differs] ? -1 : 1;
  });
  const enough = ([name]) => answersOf(tallies.get(name)) >= Math.max(1, minimum);
  return [...names.filter(enough), ...names.filter((one) => !enough(one))].map(([name]) => name);
}
