"""The arithmetic of the definitions as formulas: each function takes cell addresses and returns a formula's inside.

The steps and their order are those of `partnerkpi.kpi`, so that cells and Python agree to the last digits.
"""

from __future__ import annotations

from partnerkpi.kpi.comparisons import POINTS_TO_FIND
from partnerkpi.kpi.conditional import FEWEST_PAIRS
from partnerkpi.language.figures import DASH, DOWN, NOT_SHOWN, UP
from partnerkpi.workbook.model.names import CONFIDENCE, MIN_ANSWERS, Z_VALUE
from partnerkpi.workbook.model.translation import translate_formula

Z_SQUARED = f"{Z_VALUE}*{Z_VALUE}"


def when_number(cell: str, then: str, otherwise: str = f'"{DASH}"') -> str:
    """Return `then` where a cell holds a number; text would be above every number in a comparison."""
    return f"IF(ISNUMBER({cell}),{then},{otherwise})"


def ends_where(cell: str, ends: tuple[str, str]) -> tuple[str, str]:
    """Return both ends of an interval where a cell holds a number."""
    return when_number(cell, ends[0]), when_number(cell, ends[1])


def share(part: str, whole: str) -> str:
    """Return a part in percent of a whole; a dash where the whole is 0 or no number."""
    return when_number(whole, f'IF({whole}>0,100*{part}/{whole},"{DASH}")')


def whole_share(place: int, parts: tuple[str, ...], whole: str, *, empty: str = f'"{DASH}"') -> str:
    """Return the part at a place, counted from 0, in whole percent of a whole that it makes with the others.

    As `language.figures.whole_shares`: all are cut off, and what is missing to 100 goes to those that lost most.
    """
    part, lost = parts[place], [f"MOD(100*{one},{whole})" for one in parts]
    before = "".join(
        f"+IF({one}{'>=' if number < place else '>'}{lost[place]},1,0)"
        for number, one in enumerate(lost)
        if number != place
    )
    rest = f"ROUND(({'+'.join(lost)})/{whole},0)"
    share = f"INT(100*{part}/{whole})+IF({rest}>{before[1:]},1,0)"
    return when_number(whole, f"IF({whole}>0,{share},{empty})", empty)


def share_of_several(part: str, whole: str) -> str:
    """Return a part in percent of a whole of two or more: of one there is no share."""
    return when_number(whole, f'IF({whole}>1,100*{part}/{whole},"{DASH}")')


def ratio(part: str, whole: str) -> str:
    """Return part / whole; a dash where the whole is 0 or no number."""
    return when_number(whole, f'IF({whole}>0,{part}/{whole},"{DASH}")')


def lift(kept: str, base: str, retained: str, customers: str) -> str:
    """Return the retention rate of some customers less that of all others, in points; a dash where either is empty."""
    others = f"({customers}-{base})"
    points = f"100*({kept}*{others}-({retained}-{kept})*{base})/({base}*{others})"
    return when_number(base, when_number(customers, f'IF(AND({base}>0,{others}>0),{points},"{DASH}")'))


def lift_ends(point: str, kept: str, base: str, retained: str, customers: str) -> tuple[str, str]:
    """Return the ends of the Agresti-Caffo interval of a lift; dashes where `point` is none."""
    first, second = f"(({kept}+1)/({base}+2))", f"(({retained}-{kept}+1)/({customers}-{base}+2))"
    variances = f"{first}*(1-{first})/({base}+2)+{second}*(1-{second})/({customers}-{base}+2)"
    reach = f"{Z_VALUE}*SQRT({variances})"
    low, high = (f"100*({first}-{second}{sign}{reach})" for sign in "-+")
    return ends_where(point, (f"MAX(-100,{low})", f"MIN(100,{high})"))


def influence_sides(kept: str, base: str, retained: str, customers: str) -> tuple[str, str, str]:
    """Return what an influence share is estimated from: `RetentionTally.influence_sides`."""
    others, other_kept = f"({customers}-{base})", f"({retained}-{kept})"
    rate, other_rate = f"(({kept}+0.5)/({base}+1))", f"(({other_kept}+0.5)/({others}+1))"
    variance = f"(1-{rate})/({kept}+0.5)+(1-{other_rate})/({other_kept}+0.5)"
    return f"({base}*{rate})", f"({others}*{other_rate})", variance


def influence_ends(point: str, kept: str, base: str, retained: str, customers: str) -> tuple[str, str]:
    """Return the ends of the interval of an influence share; dashes where `point` is none or either side is empty."""
    own, others, variance = influence_sides(kept, base, retained, customers)
    reach = f"EXP({Z_VALUE}*SQRT({variance}))"
    low, high = (f"100*{own}/({own}+{others}{sign}{reach})" for sign in "*/")
    ends = f"MIN({point},{low})", f"MAX({point},{high})"
    both = f"AND({base}>0,{customers}>{base})"
    return ends_where(point, (f'IF({both},{ends[0]},"{DASH}")', f'IF({both},{ends[1]},"{DASH}")'))


def nps(promoters: str, detractors: str, answers: str) -> str:
    """Return 100 * (promoters - detractors) / answers."""
    return f'IF({answers}>0,100*({promoters}-{detractors})/{answers},"{DASH}")'


def adjusted_nps(promoters: str, detractors: str, answers: str) -> str:
    """Return the adjusted-Wald point x' in NPS points; the 3/4 added to both sides cancel out of the difference."""
    return f'IF({answers}>0,100*({promoters}-{detractors})/({answers}+3),"{DASH}")'


def standard_error(promoters: str, detractors: str, answers: str, adjusted: str) -> str:
    """Return the standard error of the adjusted-Wald point in NPS points."""
    spread = f"({promoters}+{detractors}+1.5)/({answers}+3)-({adjusted}/100)*({adjusted}/100)"
    return f'IF({answers}>0,100*SQRT(({spread})/({answers}+3)),"{DASH}")'


def nps_ends(answers: str, adjusted: str, error: str) -> tuple[str, str]:
    """Return the ends of the interval of an NPS; dashes below two answers."""
    low, high = f"MAX(-100,{adjusted}-{Z_VALUE}*{error})", f"MIN(100,{adjusted}+{Z_VALUE}*{error})"
    return f'IF({answers}>1,{low},"{DASH}")', f'IF({answers}>1,{high},"{DASH}")'


def finite_correction(answers: str, population: str) -> str:
    """Return the f of an interval: 1 where the population is not known, 0 for a full count."""
    rest = f"IF({population}={answers},0,({population}-{answers})/MAX(1,{population}-1))"
    return when_number(population, rest, "1")


def nps_ends_of(promoters: str, detractors: str, answers: str, finite: str) -> tuple[str, str]:
    """Return the ends of the interval of an NPS among a population; dashes below two answers.

    As `ScoreTally.interval`: three answers are added, as far as the population is larger than the answers.
    """
    lead, total = f"({promoters}-{detractors})", f"({answers}+3*{finite})"
    spread = f"({promoters}+{detractors}+1.5*{finite})/{total}-({lead}/{total})^2"
    reach = f"{Z_VALUE}*100*SQRT(MAX(0,{finite}*({spread})/{total}))"
    low, high = f"MAX(-100,100*{lead}/{total}-{reach})", f"MIN(100,100*{lead}/{total}+{reach})"
    return f'IF({answers}>1,{low},"{DASH}")', f'IF({answers}>1,{high},"{DASH}")'


def difference(after: str, before: str) -> str:
    """Return after - before where both are numbers."""
    return when_number(after, when_number(before, f"{after}-{before}"))


def p_of_same_partners(change: str, began: str, stopped: str) -> str:
    """Return the mid-p of McNemar's test of those who began and stopped; 1 where they went another way than a share.

    Twice the smaller tail of a fair coin, of which what is seen counts half.
    """
    coins = f"MIN({began},{stopped}),{began}+{stopped},0.5"
    p = f"2*BINOMDIST({coins},1)-BINOMDIST({coins},0)"
    return f"IF({change}*({began}-{stopped})>0,{p},1)"


def is_shown(p: str) -> str:
    """Return the test whether a p-value is below 1 - confidence: `kpi.intervals.is_shown`, for every engine."""
    return f"ROUND({p},12)<ROUND(1-{CONFIDENCE},12)"


def word_of_change(change: str, p: str) -> str:
    """Return "up", "down" or "cannot tell" from a change and its p; a dash without a change."""
    shown = f"IF({is_shown(p)},{_way(change)},{translate_formula(NOT_SHOWN)})"
    return when_number(change, when_number(p, shown, translate_formula(NOT_SHOWN)))


def common_variance(sides: tuple[tuple[str, str, str], ...], pairs: tuple[str, str, str]) -> str:
    """Return the covariance of the NPS / 100 of two sides; 0 with too few persons who answered on both.

    Each side is promoters, detractors, answers; the pairs are persons, and the sums of their answers and products.
    """
    (persons, sums, products), (n1, n2) = pairs, (side[2] for side in sides)
    lead = "+".join(f"{promoters}-{detractors}" for promoters, detractors, _ in sides)
    share = f"(({lead})/({n1}+{n2}))"
    return f"IF({persons}>={FEWEST_PAIRS},({products}-{share}*{sums}+{persons}*{share}*{share})/({n1}*{n2}),0)"


def too_few_to_tell(error: str, error_before: str, common: str) -> str:
    """Return the test whether a change of 10 points would be found in fewer than half of the cases.

    `common` is the covariance of both sides, of `common_variance`.
    """
    reach = f"{Z_VALUE}*SQRT(MAX(0,{error}*{error}+{error_before}*{error_before}-20000*{common}))"
    return f"IF(AND(ISNUMBER({error}),ISNUMBER({error_before})),{reach}>{POINTS_TO_FIND:g},1=1)"


def word_of_change_together(change: str, rank: str, failed: str) -> str:
    """Return the word of one change among many: shown while no smaller p has failed Holm's step.

    `rank` is the rank of its p, and `failed` the range of the ranks that failed.
    """
    shown = f"OR(COUNT({failed})=0,{rank}<MIN({failed}))"
    word = f"IF({shown},{_way(change)},{translate_formula(NOT_SHOWN)})"
    return when_number(change, when_number(rank, word, translate_formula(NOT_SHOWN)))


def _way(change: str) -> str:
    return f"IF({change}>0,{translate_formula(UP)},{translate_formula(DOWN)})"


def linear_at(promoters: str, detractors: str, answers: str, benchmark: str) -> str:
    """Return the factor of d in the equation for the likeliest shares whose NPS is the benchmark."""
    share, lead = f"(ABS({benchmark})/100)", f"({promoters}-{detractors})"
    return f"2*{answers}*{share}-({promoters}+{detractors})-{lead}*({benchmark}/100)"


def variance_at(promoters: str, detractors: str, answers: str, linear: str, benchmark: str) -> str:
    """Return the variance of one answer under the likeliest shares whose NPS is the benchmark; a dash without any."""
    share = f"(ABS({benchmark})/100)"
    away, free = f"IF({benchmark}<0,{promoters},{detractors})", f"{share}*(1-{share})"
    root = f"SQRT({linear}*{linear}+8*{answers}*{away}*{free})"
    return f'IF({answers}>0,({root}-{linear})/(2*{answers})+{free},"{DASH}")'


def p_against(promoters: str, detractors: str, answers: str, variance: str, benchmark: str) -> str:
    """Return the one-sided p of the side of a benchmark on which the NPS lies; a dash below the fewest answers.

    Without variance every answer must be alike: the NPS lies on that side, or on the benchmark itself.
    """
    lead = f"ABS(({promoters}-{detractors})/{answers}-{benchmark}/100)"
    p = f"IF({variance}>0,NORMSDIST(-{lead}/SQRT({variance}/{answers})),IF({lead}>0,0,0.5))"
    return f'IF({answers}>1,IF({answers}>={MIN_ANSWERS},{p},"{DASH}"),"{DASH}")'


def wilson_ends(point: str, part: str, whole: str) -> tuple[str, str]:
    """Return the ends of the Wilson interval of a share in percent; dashes where `point` is none."""
    centre = f"100*({part}+{Z_SQUARED}/2)/({whole}+{Z_SQUARED})"
    root = f"SQRT({part}*({whole}-{part})/{whole}+{Z_SQUARED}/4)"
    half_width = f"100*{Z_VALUE}/({whole}+{Z_SQUARED})*{root}"
    low = f"IF({part}=0,0,MAX(0,{centre}-{half_width}))"
    high = f"IF({part}={whole},100,MIN(100,{centre}+{half_width}))"
    return ends_where(point, (low, high))
