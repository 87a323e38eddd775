// ---- Curves and sums that a spreadsheet script does not have

/** A sum that loses no digits (Neumaier 1974). */
function sum(numbers) {
  let total = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = total + number;
    lost += Math.abs(total) >= Math.abs(number) ? total - next + number : number - next + total;
    total = next;
  }
  return total + lost;
}

/** The complement of the error function: a series near 0, a continued fraction beyond (Abramowitz and Stegun 7.1). */
function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x > 27) return 0;
  if (x < 2) {
    let term = x;
    let total = x;
    for (let n = 1; term > total * 1e-17; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  let fraction = 0;
  for (let n = 120; n > 0; n -= 1) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/**
 * Where a tail begins: the t beyond which to either side lies this part of a curve. Newton's method on the logarithms of
 * both, from a t that is too large: the curve is concave there, so each step stays on that side of the answer.
 */
function quantile(tail, beyond, density, start) {
  let at = Math.log(start);
  for (let step = 0; step < 200; step += 1) {
    const t = Math.exp(at);
    const part = beyond(t);
    const change = ((Math.log(part) - Math.log(tail)) * part) / (2 * density(t) * t);
    at += change;
    if (Math.abs(change) < 1e-15 * Math.max(1, Math.abs(at))) break;
  }
  return Math.exp(at);
}

/** How many standard errors to either side give an interval of this confidence. 0.95 is 1.95996. */
function zValue(confidence) {
  if (!(confidence > 0 && confidence < 1)) throw notPossible(`confidence is ${confidence}, not between 0 and 1`);
  const tail = 1 - confidence;
  const density = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return quantile(tail, (z) => erfc(z / Math.SQRT2), density, Math.sqrt(-2 * Math.log(tail)));
}

/** The logarithm of the gamma function (Lanczos 1964). */
function logGamma(x) {
  const parts = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const at = x - 1;
  const series = parts.slice(1).reduce((total, part, place) => total + part / (at + place + 1), parts[0]);
  const middle = at + 7.5;
  return Math.log(2 * Math.PI) / 2 + (at + 0.5) * Math.log(middle) - middle + Math.log(series);
}

/** The regularised incomplete beta function, `rest` being 1 - x, by Lentz' continued fraction. */
function beta(x, rest, a, b) {
  const notZero = (number) => (Math.abs(number) > 1e-300 ? number : 1e-300);
  const ways = logGamma(a + b) - logGamma(a) - logGamma(b);
  let above = 1;
  let below = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let value = below;
  for (let m = 1; m < 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      below = 1 / notZero(1 + term * below);
      above = notZero(1 + term / above);
      value *= above * below;
    }
    if (Math.abs(above * below - 1) < 1e-16) break;
  }
  return (Math.exp(ways + a * Math.log(x) + b * Math.log(rest)) / a) * value;
}

/** As zValue, where the error itself is estimated with so many degrees of freedom (Student 1908). 0.95 and 9: 2.26216. */
function tValue(confidence, degrees) {
  const z = zValue(confidence);
  if (degrees >= 1000) return expanded(z, degrees);
  const half = degrees / 2;
  const scale = logGamma(half + 0.5) - logGamma(half) - Math.log(degrees * Math.PI) / 2;
  const density = (t) => Math.exp(scale - (half + 0.5) * Math.log1p((t * t) / degrees));
  const beyond = (t) => {
    const part = degrees / (degrees + t * t);
    const rest = (t * t) / (degrees + t * t);
    return part < (half + 1) / (half + 2.5) ? beta(part, rest, half, 0.5) : 1 - beta(rest, part, 0.5, half);
  };
  return quantile(1 - confidence, beyond, density, z);
}

/** The same from that of the normal curve, for many degrees (Abramowitz and Stegun 26.7.5). */
function expanded(z, degrees) {
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return z + sum(terms.map((term, place) => term / degrees ** (place + 1)));
}

/** Estimates pulled to their common mean, the more the less certain each is (DerSimonian and Laird 1986, Morris 1983). */
function shrink(estimates, variances) {
  const pairs = estimates.map((estimate, place) => [estimate, variances[place]]);
  const known = pairs.filter(([estimate]) => estimate !== null);
  if (known.length === 0) return estimates;
  const mean = (weights) => sum(known.map(([estimate], place) => weights[place] * estimate)) / sum(weights);
  const weights = known.map(([, variance]) => 1 / variance);
  const total = sum(weights);
  const middle = mean(weights);
  const spread = sum(known.map(([estimate], place) => weights[place] * (estimate - middle) ** 2));
  const scale = total - sum(weights.map((weight) => weight * (weight / total)));
  const between = known.length > 1 && scale > 0 ? Math.max(0, (spread - (known.length - 1)) / scale) : 0;
  const common = mean(known.map(([, variance]) => 1 / (variance + between)));
  return estimates.map((estimate, place) =>
    estimate === null ? null : common + (between / (between + variances[place])) * (estimate - common)
  );
}
