"""What stands in a column of scores and is no answer of somebody: figures made of answers, shares, weighted answers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.lazily import pattern
from partnerkpi.tables.columns import NAMED, Columns
from partnerkpi.tables.counts import NONE, CountsColumns, is_row_number, is_share, keys_of
from partnerkpi.tables.datetext import MONTHS
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.scales import STANDARD
from partnerkpi.tables.sql import SOURCE, once
from partnerkpi.tables.table import Table
from partnerkpi.tables.weights import is_weight_of_survey
from partnerkpi.vocabulary import ROW_IDS, headings, lines, plain_name

#: What is said of a group and of no answer: how many were asked and answered, and with what the figure is compared.
_OF_A_GROUP = pattern(
    r"\b(?:responses?|respondents?|answers|answered|completed|completes|surveys?|invit\w*|sent|delivered|sample size"
    r"|base|n|antworten|rucklauf\w*|antwortquote|beantwortet|eingeladen\w*|versendet|verschickt|teilnehmer\w*|befragte"
    r"|reponses?|repondants|retour|participation|envoyes|envois|invites|respuestas?|encuestas|encuestados|enviad[ao]s"
    r"|respostas?|inquiridos|risposte|risposta|inviti|inviati|antwoorden|uitgenodigd\w*|verzonden|odpowiedzi|wyslane"
    r"|benchmark|target|goal|ziel\w*|objectif|objetivo|obiettivo|doel|change|delta|diff\w*|variation|veranderung|trend"
    r"|previous|prev|vorjahr|vorquartal|rank|rang)\b"
)
#: What of it no answer has a column of, though there were answers of one day in each row.
_OF_ANSWERS = pattern(
    r"\b(?:responses|respondents|answers|antworten|reponses|respuestas|respostas|risposte|odpowiedzi)\b"
)
#: What compares a figure with another one, in words or numbers.
_COMPARED = pattern(
    r"\b(?:benchmark|target|goal|ziel\w*|objectif|objetivo|obiettivo|doel|change|delta|diff\w*|variation|veranderung"
    r"|trend|tendenz|tendance|tendencia|tendenza|previous|prev|vorjahr|vorquartal|rank|rang)\b"
)
#: When a column's figures are of, within its name.
_WHEN = re.compile(
    r"\b(?:q ?[1-4]|[1-4] ?q|[hst] ?[1-4]|fy ?\d{2,4}|(?:19|20)\d{2}|\d{2}|(?:wave|welle|vague|ola) ?\d{1,2}|w\d{1,2}|"
    rf"{'|'.join(MONTHS)})\b"
)
#: What names groups of answers, by its heading or by its role.
_GROUPS = headings("partner", "tier", "region", "owner", "group") | lines(
    "account, account name, company, company name, customer, customer name, client, client name, kunde, firma",
    "csm, customer success manager, industry, branche, team, business unit, 会社名, 企業名, 公司名称, 회사명",
)
_OF_GROUPS = ("partner", "region", "tier", "owner")
#: Of answers, which have no numbers.
_NO_NUMBERS = CountsColumns("frequencies")
#: From so many rows on not all figures of an NPS lie between 0 and 10 by chance.
_NO_CHANCE = 10
#: So many months or quarters with a number each are a series.
_SERIES = 3
#: A table of figures names its groups in a few columns; a database takes minutes to group by thousands.
_MOST_KEYS = 40
#: What a column of NPS figures is called, and what its name says if it holds answers.
_CALLED_A_FIGURE = pattern(r"\bnps\b|net promoter")
_OF_ONE_ANSWER = pattern(
    r"\b(?:rating|answer|response|antwort|bewertung|question|frage|likel\w*|recommend\w*|q\d+|reponse|respuesta|risposta)\b"
)
_FIRST_OF_MONTH = pattern(r"\d{4}-\d{2}-01(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_DAY = pattern(r"((?:19|20)\d{2})-(\d{2})-(\d{2})(?![^ T])")
_WEEK = pattern(r"(?:19|20)\d{2}[- ]?(?:W|CW|KW) ?\d{1,2}|(?:W|CW|KW|Week) ?\d{1,2}[ /-]+(?:19|20)\d{2}", re.IGNORECASE)
_YEARS = pattern(r"(?:19|20)\d{2}")


def refuse_figures(table: Table, columns: Columns, found: CountsColumns | None = None) -> None:
    """Raise DataProblem where a table has a ready-made figure for each partner, region or period, and no answers.

    `found` are columns that could be numbers of answers: where each group has one row, they say how many the figure
    is made of.
    """
    score = columns.choice("score").column
    named = columns.choice("frequency").why == NAMED or table.scale is not None
    if score is None or named or columns.choice("comment").column is not None:
        return
    profile = table.kind_of(score)
    if profile.role is not None or not profile.is_mostly_numbers:
        return
    if not any(_names_groups(one, columns) for one in columns.profiles if one.name != score):
        return
    beside = _of_groups(columns, score, found)
    if _names_persons(columns, beside):
        return
    measured = [one.name for one in beside]
    keys = [
        one
        for one in keys_of(columns.profiles, _NO_NUMBERS)
        if one.name not in measured and (one.is_text or is_period(one) or one.is_date) and not one.is_mostly_numbers
    ]
    keys += [one for one in columns.profiles if is_period(one) and one not in keys and one.name != score]
    whose = next((one for one in keys if _names_groups(one, columns)), None)
    if whose is None or len(keys) > _MOST_KEYS:
        return
    dated = any(one.is_date and not is_period(one) for one in keys)
    if dated and not any(_OF_ANSWERS.search(plain_name(name)) for name in measured):
        return
    groups, rows = _groups_and_rows(table, score, keys)
    if groups < 2 or groups < rows:
        return
    by_chance = not _CALLED_A_FIGURE.search(plain_name(score)) or rows < _NO_CHANCE
    if beside and (found is not None or by_chance):
        what = f", with {beside[0].name!r} beside it"
    elif rows >= _SERIES and len(keys) == 1 and is_period(whose):
        what = ""
    else:
        _ask_of_figures(table, columns, profile, measured)
        return
    raise DataProblem(
        f"{table.label}: each {whose.name!r} has one {score!r}{what}: ready-made figures, and no answers from 0 to 10, "
        "so that no NPS can be made of them. Give the answers, one a row, or how many promoters, passives and "
        "detractors there are"
    )


def _ask_of_figures(table: Table, columns: Columns, score: ColumnProfile, measured: Sequence[str]) -> None:
    """Raise OpenQuestion where a column called NPS has one number a partner and period, and nothing says of whom.

    What else stands in the rows shows answers: persons, days, other ratings, what is known of no partner.
    """
    name = plain_name(score.name)
    if not _CALLED_A_FIGURE.search(name) or _OF_ONE_ANSWER.search(name) or score.title:
        return
    others = [one for one in columns.profiles if one.name not in (score.name, *measured) and len(one.distinct) > 1]
    groups = [one for one in others if _names_groups(one, columns)]
    if any(not _is_known_of_a_group(one) for one in others if one not in groups):
        return
    partner = columns.choice("partner").column
    periods = [one for one in groups if is_period(one)]
    rest = [one for one in groups if one not in periods]
    whose = [one for one in rest if one.name == partner] + periods if partner is not None else rest + periods
    if not (measured or periods or any(map(_compares, others))):
        return  # each partner was asked once
    found, rows = _groups_and_rows(table, score.name, whose)
    if found < _SERIES or found < rows:
        return
    listed = " and ".join(repr(one.name) for one in whose)
    raise OpenQuestion(
        f"{table.label}: each {listed} has one {score.name!r}, and no respondent, day or comment says that it is "
        f"somebody's answer: --scale {STANDARD} counts each as an answer from 0 to 10. If they are ready-made NPS "
        "figures, no NPS can be made of them: give the answers"
    )


def _groups_and_rows(table: Table, score: str, keys: Sequence[ColumnProfile]) -> tuple[int, int]:
    """Return how many groups there are by some columns, and how many rows with a number they have."""
    group = ", ".join([SOURCE, *(table.told_by(one.name) for one in keys)])
    ((groups, rows),) = table.numbered.fetch(
        f"SELECT count(*), coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM __rows "
        f"WHERE {table.told_by(score)} IS NOT NULL GROUP BY {group}) AS grouped"
    )
    return groups, rows


def _compares(column: ColumnProfile) -> bool:
    """Tell whether a column says how a figure compares with another: up, down, its rank, its target."""
    return _COMPARED.search(plain_name(column.name)) is not None


def _is_known_of_a_group(column: ColumnProfile) -> bool:
    """Tell whether a column can say something of a partner or period: an amount, or a share, but no other rating."""
    name = plain_name(column.name)
    if _compares(column):
        return True
    amount = column.holds_amounts and not (column.is_date or column.is_score or column.is_yes_no)
    return is_share(column) or (amount and name not in ROW_IDS and not is_row_number(column))


def ask_of_weights(table: Table, columns: Columns) -> None:
    """Raise OpenQuestion where answers have weights of a survey that differ: an unweighted figure is another one."""
    if columns.choice("frequency").why in (NONE, NAMED) or columns.choice("score").column is None:
        return
    for one in table.profiles:
        if is_weight_of_survey(one) and one.name != columns.choice("score").column:
            raise OpenQuestion(
                f"{table.label}: {one.name!r} holds weights of the answers, which differ, and an NPS with weights is "
                f"not made here: --frequency {NONE} counts each answer once, without its weight"
            )


def ask_of_figure_below(table: Table, columns: Columns, score: str, number: str) -> None:
    """Raise OpenQuestion where one row has a number alone, which is an average of the others, or how many they are.

    `number` is SQL for the answer of a row. It is what somebody worked out below the answers, without a word beside it.
    """
    others = [one for one in columns.profiles if one.name != score and not one.is_blank]
    if not others or any(one.filled == one.rows for one in others) or columns.choice("frequency").why == NONE:
        return
    alone = " AND ".join(f"{table.told_by(one.name)} IS NULL" for one in others)
    ((bare, value, mean, answers, parted),) = table.rows.fetch(
        "SELECT count(*) FILTER (alone), max(CASE WHEN alone THEN s END), avg(CASE WHEN NOT alone THEN s END), "
        "count(*) FILTER (NOT alone), count(*) FILTER (NOT alone AND s <> trunc(s)) "
        f"FROM {once(f'SELECT {number} AS s, ({alone}) AS alone FROM __rows')} "
        "WHERE s IS NOT NULL AND isfinite(s)"
    )
    if bare != 1 or answers < _SERIES or not 0 <= value <= 10:
        return
    decimals = len(f"{value:g}".partition(".")[2])
    how = f'--where "{others[0].name}!=" leaves it out'
    if decimals and (not parted or abs(mean - value) <= 0.51 * 10**-decimals):
        raise OpenQuestion(
            f"{table.label}: one row has nothing but {value:g} in {score!r}, an average of others: {how}"
        )
    if value == answers:
        raise OpenQuestion(
            f"{table.label}: one row has nothing but {value:g} in {score!r}, which is the number of all others: {how}, "
            f"--frequency {NONE} counts it as an answer"
        )


def refuse_shares_alone(table: Table, columns: Columns) -> None:
    """Raise DataProblem where shares that add up to all stand beside answers of which each occurs once in its group."""
    score = columns.get("score")
    shares = [one for one in columns.profiles if is_share(one) and one.name != score and one.holds_amounts]
    if score is None or not shares or _names_persons(columns) or columns.choice("frequency").why == NONE:
        return
    keys = [one for one in keys_of(columns.profiles, _NO_NUMBERS) if one.name != score]
    if len(keys) > _MOST_KEYS:
        return
    group = ", ".join([SOURCE, *(table.told_by(one.name) for one in keys)])
    for one in shares:
        (share,) = read_numbers(table, (one.name,))
        groups, rows, whole, twice = table.numbered.fetch(
            "SELECT count(*), sum(rows), count(*) FILTER (abs(s - 100) <= 2 OR abs(s - 1) <= 0.02), "
            "max(CASE WHEN rows > scores THEN 1 ELSE 0 END) FROM ("
            f"SELECT sum({share.expression}) AS s, count(*) AS rows, count(DISTINCT {table.told_by(score)}) AS scores "
            f"FROM __rows GROUP BY {group}) AS grouped"
        )[0]
        if rows and groups == whole and not twice and rows >= 2 * groups:
            raise DataProblem(
                f"{table.label}: {one.name!r} holds the share of each answer in {score!r}, and no column how many gave "
                "it: that cannot be counted. Give the numbers, or the answers"
            )


def is_period(column: ColumnProfile) -> bool:
    """Tell whether a column holds months, quarters or years, the first or last day of months among them."""
    if column.is_blank:
        return False
    if column.names_periods or all(map(_FIRST_OF_MONTH.fullmatch, column.distinct)):
        return True
    if all(map(_is_last_of_month, column.distinct)) or all(map(_WEEK.fullmatch, column.distinct)):
        return True
    return plain_name(column.name) in ("year", "jahr", "annee", "ano", "anno", "jaar", "rok") and all(
        map(_YEARS.fullmatch, column.distinct)
    )


def _is_last_of_month(text: str) -> bool:
    found = _DAY.match(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    return 0 < month <= 12 and day == calendar.monthrange(year, month)[1]


def _names_persons(columns: Columns, measured: Sequence[ColumnProfile] = ()) -> bool:
    """Tell whether a column names who answered, or holds what they wrote; how many they were may be called alike."""
    respondent = columns.choice("respondent").column
    how_many = {one.name for one in measured} > {respondent}
    return (respondent is not None and not how_many) or columns.choice("comment").column is not None


def _of_groups(columns: Columns, score: str, found: CountsColumns | None) -> list[ColumnProfile]:
    """Return the columns that say of a group how many answered, or with what its figure is compared."""
    numbers = [name for name, _ in found.numbers] if found is not None else []
    return [
        one
        for one in columns.profiles
        if one.name != score
        and not one.is_date
        and not is_period(one)
        and one.holds_amounts
        and not (one.whole == one.filled and (one.low or 0) >= 0 and (one.high or 0) <= 1)  # flags of one answer
        and not is_row_number(one)
        and (one.name in numbers or _OF_A_GROUP.search(plain_name(one.name)) or _of_another_time(one.name, score))
        and one.name != columns.choice("partner").column
    ]


def _of_another_time(name: str, score: str) -> bool:
    """Tell whether two columns are called alike but for a period: NPS Q1 and NPS Q2."""
    bare, own = (_WHEN.sub("", plain_name(one)).split() for one in (name, score))
    return bare == own != [] and plain_name(name) != plain_name(score)


def _names_groups(column: ColumnProfile, columns: Columns) -> bool:
    """Tell whether a column names partners, regions, tiers or periods."""
    if plain_name(column.name) in _GROUPS or any(columns.choice(role).column == column.name for role in _OF_GROUPS):
        return True
    return is_period(column)
