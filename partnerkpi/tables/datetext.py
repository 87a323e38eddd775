"""How people write dates: the patterns, and the SQL that reads each of them.

The patterns serve Python (to tell what a column holds) and the engine (to read it) alike. They are matched against
plain text: lower case, accents removed. Instants with a zone are turned into UTC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from partnerkpi.lazily import pattern
from partnerkpi.tables.sql import fields, literal, trimmed, with_fields

_NAMES = (
    "january januar janner janvier enero janeiro gennaio januari styczen stycznia",
    "february februar feber fevrier febrero fevereiro febbraio februari luty lutego",
    "march marz maerz mrz mars marzo marco maart mrt marts marzec marca",
    "april avril abril aprile kwiecien kwietnia",
    "may mai mayo maio maggio mei maj maja",
    "june juni juin junio junho giugno czerwiec czerwca",
    "july juli juillet julio julho luglio lipiec lipca",
    "august aout agosto augustus augusti sierpien sierpnia",
    "september septembre septiembre setiembre setembro settembre wrzesien wrzesnia",
    "october oktober octobre octubre outubro ottobre pazdziernik pazdziernika",
    "november novembre noviembre novembro listopad listopada",
    "december dezember decembre diciembre dezembro dicembre desember grudzien grudnia",
)


def _abbreviations() -> dict[str, int]:
    """Return every beginning, from three letters on, of a month's name; `jui` may be June or July and is left out."""
    months: dict[str, set[int]] = {}
    for number, names in enumerate(_NAMES, 1):
        for name in names.split():
            for length in range(3, len(name) + 1):
                months.setdefault(name[:length], set()).add(number)
    return {word: numbers.pop() for word, numbers in months.items() if len(numbers) == 1}


#: English, German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish months and their beginnings: sept is 9.
MONTHS = _abbreviations()

#: Zones by name, in minutes: those that RFC 2822 defines, and Europe's.
_ZONES = {
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "bst": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "wet": 0, "west": 60, "eet": 120, "eest": 180,
}  # fmt: skip

# A time of day behind a date: 14:05, 2:05:30 PM, 2 pm, 23:30:00 GMT-0500 (EST).
_HALF = r"([ap])\.?m\.?"
_TIME = (
    rf"(?:(?:t|[ ,]+)([0-9]{{1,2}})(?:[:.h]([0-9]{{2}})(?:[:.]([0-9]{{2}})(?:[.,][0-9]+)?)?(?: ?{_HALF})?| ?{_HALF})"
    rf" ?(z|utc|gmt|uhr|{'|'.join(_ZONES)})? ?([+-][0-9]{{1,2}})?:?([0-9]{{2}})?(?: ?\([^()]*\))?)?$"
)
_TIME_FIELDS = ("hour", "minute", "second", "half", "half_alone", "zone", "hours", "minutes")
_WEEKDAY = r"^(?:[a-z]{2,10}\.?,? +)?"
_OF = r"(?:del? |of |d')?"
_WORD = r"(?P<month>[a-z]{3,10})"

_NUMERIC = r"(?i)^([0-9]{1,4})[-/.年년] ?([0-9]{1,2})[-/.月월] ?([0-9]{1,4})[.日일]?" + _TIME
#: The year before the first one of each Japanese era, by what stands before the year: 令和6年, 平成元年, R6.
_ERAS = {"令和": 2018, "㋿": 2018, "r": 2018, "平成": 1988, "㍻": 1988, "h": 1988, "昭和": 1925, "㍼": 1925, "s": 1925}
_ERA_YEAR = rf"({'|'.join(_ERAS)})\.? ?(元|[0-9]{{1,2}})"
_OF_ERA = rf"(?i)^{_ERA_YEAR}[-/.年] ?([0-9]{{1,2}})[-/.月] ?([0-9]{{1,2}})日?" + _TIME
_MONTH_OF_ERA = rf"(?i)^{_ERA_YEAR}年 ?(0?[1-9]|1[0-2])月$"
_SHORT = r"^([0-9]{1,2})[-/.] ?([0-9]{1,2})[-/.] ?(?:[0-9]{4}|[0-9]{2})(?:[^0-9]|$)"
_PLAIN_DAY = r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$"
# Also far years, which are marks for no end (99991231), and as programs write whole numbers beside blanks: 20260930.0.
_COMPACT = r"(?i)^((?:1[89]|2[0-9]|99)[0-9]{2})([01][0-9])([0-3][0-9])(?:\.0+)?" + _TIME
_NAMED = (
    (
        _WEEKDAY
        + rf"([0-9]{{1,2}})(?:st|nd|rd|th|er|[ºª°])?[ ./-]*{_OF}{_WORD}\.?[ ,./-]*{_OF}([0-9]{{4}}|[0-9]{{2}})",
        ("day", "month", "year"),
    ),
    (_WEEKDAY + rf"{_WORD}\.?[ .-]+([0-9]{{1,2}})(?:st|nd|rd|th)?,?[ -]+([0-9]{{4}})", ("month", "day", "year")),
    (rf"^([0-9]{{4}})[ ./-]{_WORD}\.?[ ./-]([0-9]{{1,2}})", ("year", "month", "day")),
)
_WORD_OF_QUARTER = r"(?:quarter|quartal|trimestre|trimester|kwartaal|kwarta[lł]|qtr\.?)"
_Q = rf"(?:[qt]|{_WORD_OF_QUARTER} ?)"
_QUARTER = (
    rf"(?i)^(?:([0-9]{{4}}|[0-9]{{2}})[-/ ]?{_Q}([1-4])|{_Q}([1-4])[-/' ]{{0,2}}([0-9]{{4}}|[0-9]{{2}})"
    rf"|([1-4])(?:[qt]|(?:\.|st|nd|rd|th|er|e|[ºª°])? ?{_WORD_OF_QUARTER})[-/' ]{{0,2}}(?:de |del )?"
    r"([0-9]{4}|[0-9]{2})|((?:19|20)[0-9]{2})([1-4])|([0-9]{4})[年년] ?第?([1-4])(?:四半期|季度|분기))$"
)
# A quarter or a year of a financial year: FY26 Q1, FY2026-Q1, Q1 FY26, FY26.
_FY = r"(?:fy|fiscal year|gj) ?'?-?([0-9]{4}|[0-9]{2})"
_FISCAL = rf"(?i)^(?:{_FY}[-/ ]{{0,2}}{_Q}([1-4])|{_Q}([1-4])[-/ ]{{0,2}}{_FY}|{_FY})$"
_MONTH = (
    r"(?i)^(?:([0-9]{4})(?:[-/年]|년 ?)(0?[1-9]|1[0-2])[月월]?|(0?[1-9]|1[0-2])[-/.]([0-9]{4})"
    r"|((?:19|20)[0-9]{2})(?:-?m)?(0[1-9]|1[0-2])|m(0?[1-9]|1[0-2])[-/ ]([0-9]{4}))$"
)
_ANY_WORD = r"\pL+"
# A space before two digits is a day (Jul 26), a hyphen the way Excel writes a month (Jul-26).
_NAMED_MONTH = rf"^{_WORD}\.?(?:[ ./-]+{_OF}([0-9]{{4}})|(?:[/-]| ?')([0-9]{{2}}))$"
_YEAR_FIRST = rf"^([0-9]{{4}})[ ./-]{_WORD}\.?$"
_YEAR = r"^((?:19|20)[0-9]{2})$"

# An ISO week, with or without a day of it: 2026-W30, 2026W305, W30 2026, KW 30/2026.
_W = r"(?:week|woche|semaine|semana|settimana|kw|cw|wk|w) ?"
_WEEK = rf"^(?:([0-9]{{4}})[-/ ]?{_W}([0-9]{{1,2}})(?:-?([1-7]))?|{_W}([0-9]{{1,2}})[-/ ]{{1,2}}([0-9]{{4}}))$"

_WEEK_ALONE = rf"^(?:[0-9]{{4}}[-/ ]?{_W}[0-9]{{1,2}}|{_W}[0-9]{{1,2}}[-/ ]{{1,2}}[0-9]{{4}})$"

#: Months as people write them in a column that is called one, where anywhere else they would be days, and what is
#: meant: Jul 26, juil. '26, JUL26; 26-Jul; July, 2026; 07/26; 2026.07.
_SHORT_MONTHS = (
    (r"^([^0-9 .,'/-]{3,10})\.?[ ,']*([0-9]{2})$", r"\1-\2"),
    (r"^([0-9]{2})[ .-]?([^0-9 .,'/-]{3,10})\.?$", r"\2-\1"),
    (r"^([^0-9 .,'/-]{3,10})\.?, ?([0-9]{4})$", r"\1 \2"),
    (r"^(0?[1-9]|1[0-2])[/.-]([2-9][0-9])$", r"20\2-\1"),
    (r"^([0-9]{4})\.(0[1-9]|1[0-2])$", r"\1-\2"),
)

_PERIODS = tuple(map(pattern, (_QUARTER, _FISCAL, _MONTH, _NAMED_MONTH, _YEAR_FIRST, _MONTH_OF_ERA)))
_DIGIT = pattern("[0-9元]")
_FEWEST_DIGITS = 3  # of a day, a month and a year
_DATES = tuple(pattern(shape) for shape in (_NUMERIC, _OF_ERA, _WEEK, *(shape + _TIME for shape, _ in _NAMED)))


def looks_like_date(text: str) -> bool:
    """Tell whether a text is written as a day or an instant: `30 Sept. 2026` is, `12 people 2026` is not."""
    return len(text) < 80 and len(_DIGIT.findall(text)) >= _FEWEST_DIGITS and _matches(_DATES, text)


def looks_like_compact_day(text: str) -> bool:
    """Tell whether a text is a day without marks between: `20260930`, `20260930.0`, `99991231`."""
    return len(text) < 80 and re.match(_COMPACT, text) is not None


def looks_like_period(text: str) -> bool:
    """Tell whether a text names a quarter or month with its year: `Jul-26`, `2026M07`, `FY26 Q1`; not `2026`."""
    return len(text) <= 20 and any("0" <= letter <= "9" for letter in text) and _matches(_PERIODS, text)


def looks_like_short_month(text: str) -> bool:
    """Tell whether a text is a month with its year where a column is called one: `Jul 26`, `26 juil.`, `07/26`."""
    bare = text.strip().lower()
    turned = next((re.sub(shape, meant, bare) for shape, meant in _SHORT_MONTHS if re.match(shape, bare)), "")
    return looks_like_period(turned)


def month_in_full(text: str) -> str:
    """Return SQL for a text of a column that is called a month, short months as `period_timestamp` reads them."""
    for shape, meant in _SHORT_MONTHS:
        text = f"regexp_replace({text}, {literal(shape)}, {literal(meant)})"
    return text


def _matches(shapes: tuple[re.Pattern[str], ...], text: str) -> bool:
    plain = text.strip().lower()
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFD", plain) if not unicodedata.combining(one))
        plain = unicodedata.normalize("NFC", plain)
    matches = (shape.match(plain) for shape in shapes)
    return any(match is not None and match.groupdict().get("month", "may") in MONTHS for match in matches)


def iso_timestamp(text: str) -> str:
    """Return SQL for a date as ISO 8601 writes it, which the engine reads fast; NULL for anything else."""
    # The engine would also take 'today' and 'epoch' for dates, 30/9/26 for a day in the year 30, and "(BC)" for an era.
    digits = " AND ".join(f"{text}[{place}:{place}] BETWEEN '0' AND '9'" for place in (2, 3, 4))
    instant = f"CASE WHEN {text}[-1] <> ')' THEN timezone('UTC', TRY_CAST({text} AS TIMESTAMPTZ)) END"
    day = f"CASE WHEN length({text}) <= 10 THEN TRY_CAST({text} AS TIMESTAMP) ELSE {instant} END"
    return f"CASE WHEN {text}[5:5] IN ('-', '/') AND {digits} THEN {day} END"


def iso_timestamps(text: str) -> str:
    """Return SQL for the timestamps of a column of which all dates are ISO 8601's, some with blanks around them."""
    return f"coalesce({iso_timestamp(text)}, {iso_timestamp(f'({trimmed(text)})')})"


def first_numbers(text: str) -> tuple[str, str]:
    """Return SQL for the first two numbers of a date such as 30/9/2026 that does not begin with the year, or NULL."""
    first, second = (f"TRY_CAST(regexp_extract({text}, {literal(_SHORT)}, {group}) AS SMALLINT)" for group in (1, 2))
    return first, second


def timestamp(text: str, *, day_first: bool, forms: Collection[int] = ()) -> str:
    """Return SQL for the timestamp, in UTC, of any form of date that is understood; NULL for other texts.

    A column that has some `forms` alone (see `form`) is planned in a tenth of the time where the others are left out.
    """
    known = _forms(text, day_first=day_first)
    return f"coalesce({', '.join(known[place] for place in sorted(forms) or range(len(known)))})"


def form(text: str, *, day_first: bool) -> str:
    """Return SQL for the number of the form of date that a text has, as `timestamp` takes it; NULL for other texts."""
    known = enumerate(_forms(text, day_first=day_first))
    return f"CASE {' '.join(f'WHEN ({read}) IS NOT NULL THEN {number}' for number, read in known)} END"


def _forms(text: str, *, day_first: bool) -> list[str]:
    """Return SQL for the timestamp of each form of date; of a text that has several the first counts."""
    # The usual forms first, by fast means; each of the rest costs ten times as much.
    order = literal(r"\3-\2-\1" if day_first else r"\3-\1-\2")
    turned = f"TRY_CAST(regexp_replace({text}, {literal(_PLAIN_DAY)}, {order}) AS TIMESTAMP)"
    simple = f"CASE WHEN regexp_matches({text}, {literal(_PLAIN_DAY)}) THEN {turned} END"
    with_time = _with_time(text, "%d/%m/%Y" if day_first else "%m/%d/%Y")
    day, month = ("__p.a", "__p.b") if day_first else ("__p.b", "__p.a")
    short = f"({_full_year('__p.c')}) || '-' || {month} || '-' || {day}"
    date = (
        "CASE WHEN length(__p.a) = 4 THEN __p.a || '-' || __p.b || '-' || __p.c "
        f"WHEN length(__p.a) <= 2 AND length(__p.c) IN (2, 4) THEN {short} END"
    )
    # What is left is read without outer blanks and accents. Each step is a function of the column itself: one inside
    # another costs several times as much.
    bare = trimmed(text)
    named_date = f"({_full_year('__p.year')}) || '-' || ({_month_number('__p.month')}) || '-' || __p.day"
    of_era = f"({_year_of_era()}) || '-' || __p.b || '-' || __p.c"
    rest = [
        iso_timestamp(f"({bare})"),
        _read(bare, _NUMERIC, ("a", "b", "c"), date),
        _read(bare, _COMPACT, ("a", "b", "c"), "__p.a || '-' || __p.b || '-' || __p.c"),
        *(_read(_plain(bare), shape + _TIME, names, named_date) for shape, names in _NAMED),
        _week(_plain(bare)),
        _read(bare, _OF_ERA, ("era", "a", "b", "c"), of_era),
    ]
    return [iso_timestamp(text), simple, with_time, *rest]


def day_number(number: str) -> str:
    """Return SQL for the timestamp of a spreadsheet's day number (1900 system): 46295 is 30 September 2026."""
    return f"TIMESTAMP '1899-12-30' + to_seconds(round(TRY_CAST({number} AS DOUBLE) * 86400))"


def epoch(number: str, *, thousandths: bool) -> str:
    """Return SQL for the timestamp, in UTC, of seconds (or thousandths of them) since 1970."""
    return f"epoch_ms(CAST(TRY_CAST({number} AS DOUBLE) * {1 if thousandths else 1000} AS BIGINT))"


def _week(text: str) -> str:
    """Return SQL for a day of an ISO week; without a day its Thursday, which decides on month and year of a week."""
    year, week = "TRY_CAST(__p.y1 || __p.y2 AS INTEGER)", "TRY_CAST(__p.w1 || __p.w2 AS INTEGER)"
    day = "CASE WHEN __p.d = '' THEN 4 ELSE TRY_CAST(__p.d AS INTEGER) END"
    # 4 January is always in week 1. The last week of a year is the one that holds 28 December.
    first = f"date_trunc('week', make_date({year}, 1, 4))"
    known = f"{week} BETWEEN 1 AND week(make_date({year}, 12, 28))"
    date = f"CASE WHEN {known} THEN CAST({first} + to_days(({week} - 1) * 7 + ({day}) - 1) AS TIMESTAMP) END"
    read = with_fields(fields(text, _WEEK, ("y1", "w1", "d", "w2", "y2")), date)
    return f"CASE WHEN regexp_matches({text}, {literal(_WEEK)}) THEN {read} END"


def _with_time(text: str, date: str) -> str:
    """Return SQL for dates with slashes and a time: each format is tried only on texts that have its shape."""
    seconds, half = f"{text} LIKE '%:%:%'", f"{text}[-1] IN ('M', 'm')"
    cases = (
        (f"{half} AND {seconds}", "%I:%M:%S %p"),
        (half, "%I:%M %p"),
        (seconds, "%H:%M:%S"),
        ("TRUE", "%H:%M"),
    )
    listed = " ".join(f"WHEN {shape} THEN try_strptime({text}, {literal(f'{date} {time}')})" for shape, time in cases)
    return f"CASE WHEN regexp_matches({text}, '^[0-9]+/[0-9]+/[0-9]{{4}} ') THEN CASE {listed} END END"


def period_kind(text: str) -> str:
    """Return SQL that tells which kind of period a text names: `quarter`, `month`, `year`, `week`, or NULL."""
    word = _plain(f"regexp_extract({text}, {literal(_ANY_WORD)})")
    shapes = (f"regexp_matches({_plain(text)}, {literal(shape)})" for shape in (_NAMED_MONTH, _YEAR_FIRST))
    named = f"({' OR '.join(shapes)}) AND ({_month_number(word)}) IS NOT NULL"
    return (
        f"CASE WHEN length({text}) > 20 THEN NULL WHEN regexp_matches({text}, {literal(_YEAR)}) THEN 'year' "
        f"WHEN regexp_matches({text}, {literal(_QUARTER)}) THEN 'quarter' "
        f"WHEN {is_fiscal(text)} THEN CASE WHEN regexp_matches({text}, '[qQtT]') THEN 'quarter' ELSE 'year' END "
        f"WHEN regexp_matches({text}, {literal(_MONTH)}) "
        f"OR regexp_matches({text}, {literal(_MONTH_OF_ERA)}) OR ({named}) "
        "THEN 'month' "
        f"WHEN regexp_matches({_plain(text)}, {literal(_WEEK_ALONE)}) THEN 'week' END"
    )


def is_fiscal(text: str) -> str:
    """Return SQL that tells whether a text names a part of a financial year, such as FY26 Q1."""
    return f"regexp_matches({text}, {literal(_FISCAL)})"


def period_timestamp(text: str, ahead: int = 0) -> str:
    """Return SQL for the first instant of the period that a text names, NULL for anything else.

    `ahead` is by how many months a financial year runs ahead of the calendar's.
    """
    three_years = "(__p.y1 || __p.y2 || __p.y3)"
    number = "TRY_CAST(__p.q1 || __p.q2 || __p.q3 || __p.q4 || __p.q5 AS INTEGER)"
    five_years = "(__p.y1 || __p.y2 || __p.y3 || __p.y4 || __p.y5)"
    quarter = f"({_full_year(five_years)}) || '-' || ({number} * 3 - 2) || '-01'"
    month = "(__p.y1 || __p.y2 || __p.y3 || __p.y4) || '-' || (__p.m1 || __p.m2 || __p.m3 || __p.m4) || '-01'"
    named = f"({_full_year('(__p.y1 || __p.y2)')}) || '-' || ({_month_number('__p.month')}) || '-01'"
    year_first = f"__p.y1 || '-' || ({_month_number('__p.month')}) || '-01'"
    quarter_of_year = "CASE WHEN (__p.q1 || __p.q2) = '' THEN 1 ELSE TRY_CAST(__p.q1 || __p.q2 AS INTEGER) END"
    since = f"(TRY_CAST(({_full_year(three_years)}) AS INTEGER) * 12 + ({quarter_of_year}) * 3 - 3 - {ahead})"
    fiscal = f"({since} // 12) || '-' || ({since} % 12 + 1) || '-01'"
    read = [
        f"CASE WHEN regexp_matches({text}, {literal(_YEAR)}) THEN TRY_CAST({text} || '-01-01' AS TIMESTAMP) END",
        _first_day(fields(text, _QUARTER, ("y1", "q1", "q2", "y2", "q3", "y3", "y4", "q4", "y5", "q5")), quarter),
        _first_day(fields(text, _FISCAL, ("y1", "q1", "q2", "y2", "y3")), fiscal),
        _first_day(fields(text, _MONTH, ("y1", "m1", "m2", "y2", "y3", "m3", "m4", "y4")), month),
        _first_day(fields(_plain(text), _NAMED_MONTH, ("month", "y1", "y2")), named),
        _first_day(fields(_plain(text), _YEAR_FIRST, ("y1", "month")), year_first),
        _first_day(fields(text, _MONTH_OF_ERA, ("era", "a", "m")), f"({_year_of_era()}) || '-' || __p.m || '-01'"),
    ]
    return f"coalesce({', '.join(read)})"


def _first_day(parts: str, date: str) -> str:
    return with_fields(parts, f"TRY_CAST({date} AS TIMESTAMP)")


def _plain(text: str) -> str:
    return f"lower(strip_accents({text}))"


def _read(text: str, shape: str, names: tuple[str, ...], date: str) -> str:
    """Return SQL that puts date and time of a shape together and turns the instant into UTC; NULL for others."""
    half, afternoon = "(__p.half || __p.half_alone)", "lower(__p.half || __p.half_alone) = 'p'"
    hour = (
        f"CASE WHEN {half} = '' THEN TRY_CAST(__p.hour AS INTEGER) "
        f"ELSE TRY_CAST(__p.hour AS INTEGER) % 12 + CASE WHEN {afternoon} THEN 12 ELSE 0 END END"
    )
    minute, second = (f"CASE WHEN {f} = '' THEN '00' ELSE {f} END" for f in ("__p.minute", "__p.second"))
    time = f"CASE WHEN __p.hour = '' THEN '' ELSE ' ' || ({hour}) || ':' || {minute} || ':' || {second} END"
    minutes = "CASE WHEN __p.minutes = '' THEN 0 ELSE TRY_CAST(__p.minutes AS INTEGER) END"
    ahead = f"(abs(TRY_CAST(__p.hours AS INTEGER)) * 60 + {minutes})"
    offset = (
        f"CASE WHEN __p.hours = '' THEN coalesce({_looked_up('lower(__p.zone)', _ZONES)}, 0) "
        f"WHEN __p.hours[1:1] = '-' THEN -{ahead} ELSE {ahead} END"
    )
    instant = f"TRY_CAST(({date}) || ({time}) AS TIMESTAMP) - to_minutes(CAST({offset} AS INTEGER))"
    read = with_fields(fields(text, shape, (*names, *_TIME_FIELDS)), instant)
    return f"CASE WHEN regexp_matches({text}, {literal(shape)}) THEN {read} END"


def _full_year(year: str) -> str:
    century = f"CASE WHEN {year} < '70' THEN '20' ELSE '19' END"
    return f"CASE WHEN length({year}) = 2 THEN {century} || {year} ELSE {year} END"


def _year_of_era() -> str:
    """Return SQL for the year of a Japanese era: 2024 for 令和6年, 2019 for 令和元年."""
    year = "CASE WHEN __p.a = '元' THEN 1 ELSE TRY_CAST(__p.a AS INTEGER) END"
    return f"{_looked_up('lower(__p.era)', _ERAS)} + ({year})"


def _month_number(word: str) -> str:
    return _looked_up(word, MONTHS)


def _looked_up(word: str, table: Mapping[str, int]) -> str:
    """Return SQL for the number that a table gives for a word of letters, NULL where it is not in it."""
    # The table is one text, |jan=1|janu=1|: of hundreds of words the engine would read each as an expression, in every
    # query, and of a long IN (...) it makes a join of the whole table.
    told = literal("|" + "".join(f"{name}={number}|" for name, number in table.items()))
    return f"CAST(nullif(split_part(split_part({told}, '|' || {word} || '=', 2), '|', 1), '') AS INTEGER)"
