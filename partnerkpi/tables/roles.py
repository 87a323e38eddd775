"""What the columns of each role are called, and what their values must be: what recognition knows, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from partnerkpi.dataclass import dataclass
from partnerkpi.tables import customer_names as customers
from partnerkpi.tables import date_names as dates
from partnerkpi.tables.customer_words import Words, is_open_end, is_state
from partnerkpi.tables.datetext import looks_like_compact_day, looks_like_date, looks_like_short_month
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.questions import RECOMMEND, RECOMMEND_WITHIN, asks_to_recommend, other_measure
from partnerkpi.tables.units import unit_of
from partnerkpi.vocabulary import FREQUENCY_NAMES, HEADINGS, plain_name

#: What asks for the reason of the score in the open question that follows it, in either order, accents removed.
_ABOUT_THE_SCORE = (
    r"^(?=.*\b(?:reasons?|why|because|grund|grunde|warum|weshalb|wieso|raisons?|pourquoi|razon|razones|motivos?"
    r"|por que|explain|describe)\b)"
    r"(?=.*\b(?:score|rating|rate|rated|recommend\w*|nps|answer|bewertung|bewerten|bewertet|note|punktzahl"
    r"|punkte|wertung|weiterempfehl\w*|empfehl\w*"
    r"|recommand\w*|reponse|puntuacion|valoracion|nota|calificacion|recomend\w*|respuesta)\b)"
)

_WORDS_ALONE = re.compile(r"[\w |/'-]+")  # nothing that means more in a pattern
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
#: Active or churned, in some form: what is said of customers and not of tickets, orders and invoices.
_OF_CUSTOMERS = re.compile(
    "activ|aktiv|actif|actief|attiv|ativ|aktyw|aktif|attrit|churn|解約|継続|契約|利用中|活跃|流失|续约|활성|유지|해지|이탈|갱신"
)
#: So many words at most stand among dates as marks for none.
_FEW_WORDS = 5
Check = Callable[[ColumnProfile], bool]


def _any(_: ColumnProfile) -> bool:
    return True


def _could_be_score(column: ColumnProfile) -> bool:
    """Accept what is no score at first sight too: a column of that name with text in it gets its own message."""
    return not column.is_date and _is_answer(column)


def asks_for(column: ColumnProfile) -> str | None:
    """Return what a column asks for by its name, or by the question behind it, other than a recommendation."""
    names = [plain_name(name) for name in (column.name, column.title) if name]
    if any(asks_to_recommend(name) for name in names):
        return None
    return next((what for name in names if (what := other_measure(name)) is not None), None)


def _is_answer(column: ColumnProfile) -> bool:
    return asks_for(column) is None


def _asks_to_recommend(column: ColumnProfile) -> bool:
    """Refuse what was recommended, and how often: a number of recommendations is no answer."""
    named = next(name for name in (column.title, column.name) if name)
    plain = plain_name(named)
    return len(plain.split()) > 5 or _RECOMMENDED.search(plain) is None


def _numbers(column: ColumnProfile) -> bool:
    return column.is_mostly_numbers or column.is_blank


def _amounts(column: ColumnProfile) -> bool:
    return column.holds_amounts or column.is_blank


def _numbers_of_answers(column: ColumnProfile) -> bool:
    return column.holds_amounts and not column.is_date and not column.has_percents


def _paid(pattern: str, column: ColumnProfile) -> bool:
    """Accept amounts whose heading is called so, whatever unit it says: Revenue start (k€)."""
    return _amounts(column) and bool(matcher(pattern)(unit_of(column.name).rest))


def is_dates(column: ColumnProfile) -> bool:
    """Tell whether a column holds days, in whatever form, or months and quarters with their year."""
    return column.is_date or column.is_day_number or column.is_epoch or column.names_periods


def _periods(column: ColumnProfile) -> bool:
    """Accept dates and words with a year such as Q1 2026 or Jul 26, not the number of a month."""
    if column.filled and all(map(looks_like_short_month, column.distinct)):
        return True
    return is_dates(column) or (not column.is_blank and all(map(_YEAR.search, column.distinct)))


def _partner_names(column: ColumnProfile) -> bool:
    """Refuse Yes/No: a column `Partner` that says whether somebody has a spouse names no partner."""
    return not (column.is_yes_no or column.is_date or (column.distinct <= {"0", "1"} and column.filled > 0))


def _identifies(column: ColumnProfile) -> bool:
    """Ask for many different values: a column `Contract` that says monthly or yearly identifies nobody."""
    return column.is_blank or len(column.distinct) >= min(200, column.filled) / 2


def _yes_no(column: ColumnProfile) -> bool:
    return column.is_yes_no


def _kept_or_not(column: ColumnProfile) -> bool:
    """Accept yes and no, and the words of a customer's life."""
    return column.is_yes_no or (column.filled > 0 and all(map(Words().is_known, column.distinct)))


def _states(column: ColumnProfile) -> bool:
    """Accept a column of which nearly every word says how a customer is; those of tickets and invoices do not."""
    known = sum(map(is_state, column.distinct))
    return known >= 0.8 * len(column.distinct) and any(map(_OF_CUSTOMERS.search, map(plain_name, column.distinct)))


def ends(column: ColumnProfile) -> bool:
    """Accept dates, marks for none among them: what has no end yet may be all of them.

    A few words that nobody knows may be such marks as well; whoever counts by the column asks what they say.
    """
    rest = [value for value in column.distinct if not is_open_end(value)]
    if is_dates(column) or column.is_blank or all(map(looks_like_date, rest)) or all(map(looks_like_compact_day, rest)):
        return True
    words = [value for value in rest if not any(map(str.isdigit, value))]
    return (
        0 < len(words) <= _FEW_WORDS
        and len(words) < len(rest)
        and all(looks_like_date(value) for value in rest if value not in words)
    )


def _days_of_leaving(column: ColumnProfile) -> bool:
    """Accept days under a name that yes and no would stand under as well: Churned, Cancelled."""
    return ends(column) and any(map(looks_like_date, column.distinct))


def _within_nps(column: ColumnProfile) -> bool:
    """Accept numbers that an NPS can be."""
    return column.low is not None and column.high is not None and column.low >= -100 and column.high <= 100


def _words(column: ColumnProfile) -> bool:
    return column.is_blank or not (column.is_mostly_numbers or column.is_date or column.is_yes_no)


def _prose(column: ColumnProfile) -> bool:
    return column.is_prose


def named(names: str) -> str:
    """Return the pattern of plain names that are one of these: `named("date, survey date")`."""
    return f"^(?:{'|'.join(names.split(', '))})$"


def says_leaving(name: str) -> bool:
    """Tell whether a column of ends is called after leaving, of a contract or a customer."""
    plain = plain_name(name)
    return re.search(customers.day_of(customers.LEAVING), plain) is not None or (
        re.search(named(", ".join(customers.CHURNED)), plain) is not None
    )


@dataclass(frozen=True, slots=True)
class Tier:
    """Column names of one degree of certainty, as a pattern over the plain name, and what their values must be."""

    pattern: str
    check: Check = _any

    def fits(self, column: ColumnProfile) -> bool:
        """Tell whether a column belongs to this tier."""
        is_called = matcher(self.pattern)
        named = is_called(plain_name(column.name)) or (column.title and is_called(plain_name(column.title)))
        return bool(named) and not column.nested and self.check(column)


@cache
def matcher(pattern: str) -> Callable[[str], object]:
    """Return what tells whether a plain name matches a pattern; one of `named` is a list, in which names are looked up.

    A pattern takes longer to be made than a command takes to look at a small file, and there are a hundred of them.
    """
    names = listed_names(pattern)
    return names.__contains__ if names is not None else re.compile(pattern).search


@cache
def listed_names(pattern: str) -> frozenset[str] | None:
    """Return the names of a pattern of `named`, None for any other."""
    words = pattern.removeprefix("^(?:").removesuffix(")$")
    is_list = pattern == f"^(?:{words})$" and _WORDS_ALONE.fullmatch(words)
    return frozenset(words.split("|")) if is_list else None


#: What may stand in an answer's name beside a word such as score or rating: whose it is, and from where to where.
_WHOSE = (
    r"survey|response|respondent|overall|customer|client|partner|user|your|feedback|loyalty|promoter|q\d{1,3}|kunden"
)
_ENDS = r"(?: [01] (?:to |bis |a |al |ate |tot |til )?10)?"
#: What a name with NPS in it may not say: something of the score, or a figure made of scores.
_OF_NPS = (
    r"^(?!.*\b(?:group|category|segment|label|type|comment|reason|date|id|bands?|bucket|class|status|wave|month|year"
    r"|quarter|week|day|time|average|avg|mean|median|promedio|media|medio|durchschnitt\w*|mittelwert|moyenne|gemiddelde"
    r"|srednia|schnitt|target|goal|benchmark|change|delta|diff\w*|rank|counts?|number|n"
    r"|responses|answers|respondents|sent|invited|surveys|promoters?|passives?|detractors?|pct|percent\w*|share|weight"
    r"|version|trend|previous|prev|last|rolling)\b)"
    r".*(?:\bnps\b|\b(?:valor|nota|note|score|rating|punkte|wert)nps\b|\bnps(?:score|rating|value|wert|nota|valor|スコア|点数|点|值|评分|得分|점수)\b)"
)
#: What a short name that speaks of recommending may not say: how many, or what was recommended.
_RECOMMENDED = re.compile(
    r"\b(?:recommended|recommendations|recommends|recomendad[oa]s?|empfohlen\w*|counts?|number|num|n|pct|percent\w*|share"
    r"|rate|date|id|group|category|label|type|price|total|average|avg|mean|reason|comment|text)\b"
)

#: Whose address may stand in a column of addresses: not that of our own people, and not one for a whole company.
_MAIL = (
    r"^(?!.*\b(?:manager|owner|agent|rep|csm|cam|pam|sender|from|assigned|creator|created|interviewer|sales|company"
    r"|partner|betreuer|responsable|support|cc|bcc|status|sent|opt|id)\b)"
    r".*(?:\be ?mail\w*|\bmail\w*|\bcourriel|\bcorreo\b|メールアドレス|邮箱|이메일)"
)

#: For each role its tiers, the surest first. A plain name is lower-case words without accents or punctuation.
ROLES: Mapping[str, tuple[Tier, ...]] = {
    "score": (
        Tier(
            rf"\b(?:weiter)?(?:{RECOMMEND})|{RECOMMEND_WITHIN}",
            lambda c: _asks_to_recommend(c) and (c.is_mostly_numbers or c.is_blank),
        ),
        Tier(rf"{named(HEADINGS['score'][0])[:-1]}{_ENDS}$", lambda c: _is_answer(c) and c.is_mostly_numbers),
        Tier(_OF_NPS, _numbers),
        Tier(
            rf"^(?:(?:{_WHOSE}) )?(?:{'|'.join(HEADINGS['score'][1].split(', '))}){_ENDS}$",
            lambda c: _is_answer(c) and c.is_score and c.is_mostly_whole,
        ),
        # the possible answers, as summaries of survey tools list them
        Tier(
            named(
                "answer choices, answer choice, answer options, antwortoptionen, antwortmoglichkeiten, "
                "choix de reponses, opciones de respuesta, opcoes de resposta, opzioni di risposta"
            ),
            lambda c: _is_answer(c) and c.is_mostly_numbers,
        ),
        Tier(r"^q ?\d{1,3}[a-z]?$", lambda c: _is_answer(c) and c.is_mostly_numbers),
        Tier(named(HEADINGS["score"][0]), _could_be_score),
    ),
    "frequency": (
        Tier(named(FREQUENCY_NAMES[0]), _numbers_of_answers),
        # as pivot tables name what they count
        Tier(r"^(?:count of|anzahl von|nombre de|cuenta de|contagem de|conteggio di|aantal van) ", _numbers_of_answers),
        Tier(named(FREQUENCY_NAMES[1]), _numbers_of_answers),
    ),
    "partner": tuple(Tier(named(names), _partner_names) for names in (*HEADINGS["partner"][:3], customers.PARTNER)),
    "date": (
        Tier(named(dates.OWN_DATES), is_dates),  # the answer's own, as its name says
        Tier(named(dates.DATES), is_dates),
        Tier(named(dates.TIMESTAMPS), is_dates),
        Tier(  # of any other, such as when the row was made, nothing says that it is the answer's
            r"^(?!.*\b(?:expir\w*|end|due|start|begin|birth\w*|until|updated|modified|expected|planned|joined|sign ?up"
            r"|paid|deleted|archived|voided|geloscht|archiviert)\b)"
            r".*\b(?:date|datum|fecha|data|timestamp|zeit|at|on)\b",
            is_dates,
        ),
        Tier(r"\b(?:date|datum|fecha|data|timestamp|zeit)\b", is_dates),
        # One at a time, the best first: none of them is worth a question to the user.
        *(Tier(named(name), is_dates) for name in dates.PLAIN_DATES),
        *(Tier(named(names), _periods) for names in dates.PERIODS),
    ),
    "respondent": (
        Tier(
            named(
                "respondent, respondent id, respondentid, respondent email, respondent name, contact, "
                "contact id, contact email, contact name, participant id, participant, person id, "
                "teilnehmer, teilnehmer id, befragter, nutzer id, repondant, id repondant, encuestado, rispondente, "
                "respondente, uczestnik, 回答者, 回答者id, 응답자"
            )
        ),
        Tier(
            named(
                "email, e mail, email address, e mail address, mail, recipient email, recipientemail, "
                "customer email, user email"
            )
        ),
        Tier(_MAIL, lambda column: any("@" in text for text in column.distinct)),
    ),
    "comment": (
        Tier(
            named(
                "comment, comments, customer comment, partner comment, survey comment, nps comment, "
                "score comment, kommentar, kommentare, "
                "commentaire, commentaires, comentario, comentarios, feedback, customer feedback, "
                "partner feedback, nps feedback, reason, "
                "reason for score, score reason, nps reason, why, verbatim, verbatims, open text, free text, "
                "freitext, texte libre, "
                "texto libre, komentarz, uwagi, explication, explanation, begrundung, explicacion, motivo, コメント, "
                "ご意見, 理由, 自由記述, 评论, 备注, 意见, 의견"
            ),
            _words,
        ),
        Tier(_ABOUT_THE_SCORE, _words),
        Tier(
            r"\b(?:comments?|kommentar\w*|commentaires?|comentarios?|feedback|reasons?|verbatims?|why|warum"
            r"|weshalb|pourquoi|por que)\b"
            r"(?!.*\b(?:code|id|category|type|group|date|count|length|language)\b)",
            _words,
        ),
        Tier(
            named("text, response text, answer text, remarks?, notes?, bemerkung(?:en)?, anmerkung(?:en)?, remarques?"),
            _prose,
        ),
        Tier(
            r"^(?!.*\b(?:\w*name|title|titel|subject|e ?mail|address|url|link|topics?|bio|product|campaign|specify)\b)",
            _prose,
        ),
    ),
    "invited": (Tier(named(HEADINGS["invited"][0]), _yes_no),),
    "customer": (
        *(Tier(named(names)) for names in customers.CUSTOMER),
        Tier(named(customers.CONTRACT), _identifies),
        Tier(r"^id$", _identifies),
    ),
    "contract": (Tier(named(customers.CONTRACT), lambda c: not c.is_date),),
    "retained": tuple(
        Tier(customers.asked(one), _kept_or_not) for one in (*HEADINGS["retained"][:2], customers.RETAINED)
    ),
    "churned": tuple(Tier(customers.asked(names), _kept_or_not) for names in customers.CHURNED),
    "status": (Tier(named(customers.STATUS), _states), Tier(named(customers.ACTIVE), _yes_no)),
    "period": (
        Tier(named(customers.PERIOD)),
        Tier(named(customers.MONTH), lambda c: not (c.high is not None and c.high < 1900)),
        Tier(named(customers.DUE), is_dates),
    ),
    "start_date": tuple(Tier(customers.day_of(names), is_dates) for names in customers.START),
    "end_date": (
        *(Tier(customers.day_of(names), ends) for names in customers.END),
        Tier(named(", ".join(customers.CHURNED)), _days_of_leaving),
    ),
    "revenue_start": (Tier("", lambda c: _paid(customers.REVENUE_START, c)),),
    "revenue_end": tuple(
        Tier(which, lambda c: _paid(customers.REVENUE_END, c)) for which in (r"^(?!.*\bnew\b)", r"\bnew\b")
    ),
    "activity_type": (
        Tier(
            named("type, activity, activity type, record type, kind, advocacy type"),
            lambda c: not c.is_mostly_numbers,
        ),
    ),
    "activity_value": (
        Tier(named("value, activity value, referral value, deal value, opportunity value, amount, revenue"), _amounts),
    ),
    "tier": (Tier(named(HEADINGS["tier"][0])), Tier(r"\btier\b")),
    "region": (Tier(named(HEADINGS["region"][0])), Tier(r"\bregion\b")),
    "owner": (Tier(named(HEADINGS["owner"][0])),),
    "invited_contacts": (
        Tier(
            named("invited contacts, contacts invited, invited, invitations, surveys sent, contacts"),
            _amounts,
        ),
    ),
    "annual_value": (Tier("", lambda c: _paid(customers.ANNUAL_VALUE, c)),),
    "target": (
        Tier(named("nps target, target nps, nps ziel, ziel nps, objectif nps, objetivo nps")),
        # of another figure, such as revenue, where no NPS is as high
        Tier(named("target, ziel, objectif, objetivo"), _within_nps),
    ),
    "target_date": (
        Tier(
            named(
                "target date, target by, target due, target until, nps target date, zieldatum, ziel bis, date cible, "
                "fecha objetivo"
            ),
            lambda c: is_dates(c) or c.is_blank,
        ),
    ),
    "left_date": (Tier(named(dates.LEFT), ends),),
    "joined_date": (Tier(named(dates.JOINED), is_dates),),
}

#: What a column is at most asked about, whatever it is called: its values fit a role, and its name says nothing of it.
POSSIBLE: Mapping[str, Tier] = {
    "score": Tier(
        r"^(?!(?:year|quarter|month|week|day|hour|id|no|nr|period|index|row)$)(?!.*\b(?:id|year|quarter|month|week)\b)",
        lambda c: _is_answer(c) and c.is_score and c.is_mostly_whole,
    ),
}

#: The tiers of dates whose names speak of a date; the others are names of days, months and waves.
DATE_TIERS = ROLES["date"][:5]
