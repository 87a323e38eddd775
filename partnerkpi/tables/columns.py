"""Which column is which: an option wins, then `partnerkpi.toml`, then the column's own name and values.

Recognition never guesses between equals. Names are matched in tiers, the surest first; a tier that fits one column
decides, a tier that fits several leaves the question open, and whoever needs the column puts it to the user.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from partnerkpi.errors import UsageError
from partnerkpi.tables.profile import ColumnProfile

#: The word for recommending in the languages that survey exports come in, accents removed.
_RECOMMEND = (
    r"recommend|recomend|recommand|empfehl|empfiehl|raccomand|consigli|aanbevel|anbefal|rekommender|suositel|polec|doporuc|ajanl|tavsiye"
)

Check = Callable[[ColumnProfile], bool]


def _any(_: ColumnProfile) -> bool:
    return True


def _could_be_score(column: ColumnProfile) -> bool:
    """Accept what is no score at first sight too: a column of that name with text or other scales gets its own message."""
    return not column.is_date


def _numbers(column: ColumnProfile) -> bool:
    return column.is_mostly_numbers or column.is_blank


def _dates(column: ColumnProfile) -> bool:
    return column.is_date


def _partner_names(column: ColumnProfile) -> bool:
    """Refuse Yes/No: a column `Partner` that says whether somebody has a spouse names no partner."""
    return not (column.is_yes_no or column.is_date or (column.distinct <= {"0", "1"} and column.filled > 0))


def _identifies(column: ColumnProfile) -> bool:
    """Ask for many different values: a column `Contract` that says monthly or yearly identifies nobody."""
    return column.is_blank or len(column.distinct) >= min(200, column.filled) / 2


def _yes_no(column: ColumnProfile) -> bool:
    return column.is_yes_no


@dataclass(frozen=True, slots=True)
class Tier:
    """Column names of one degree of certainty, as a pattern over the plain name, and what their values must be."""

    pattern: str
    check: Check = _any

    def fits(self, column: ColumnProfile) -> bool:
        """Tell whether a column belongs to this tier."""
        return re.search(self.pattern, plain_name(column.name)) is not None and self.check(column)


#: For each role its tiers, the surest first. A plain name is lower-case words without accents or punctuation.
ROLES: Mapping[str, tuple[Tier, ...]] = {
    "score": (
        Tier(rf"\b(?:{_RECOMMEND})", lambda c: _could_be_score(c) and (c.is_mostly_numbers or c.is_blank)),
        Tier(r"^(?:nps|nps score|score nps|net promoter score|score|nps rating|nps value|ltr|likelihood to recommend)$", _could_be_score),
        Tier(r"\bnps\b(?!.*\b(?:group|category|segment|label|type|comment|reason|date|id)\b)", _numbers),
        Tier(
            r"^(?:(?:\w+ )?(?:rating|score|answer|response value|note|bewertung|antwort|punkte|puntuacion|respuesta|resposta|nota|reponse|cijfer))$",
            lambda c: c.is_score,
        ),
        Tier(r"^(?!(?:year|quarter|month|week|day|hour|id|no|nr|period|index|row)$)(?!.*\b(?:id|year|quarter|month|week)\b)", lambda c: c.is_score and c.whole >= 0.5 * c.filled),
    ),
    "partner": (
        Tier(r"^(?:partner|partner name|partner account|partner company|partenaire|nom du partenaire|partnername|parceiro|socio)$", _partner_names),
        Tier(r"^(?:partner organi[sz]ation|reseller|reseller name|channel partner|distributor|partner account name|agency)$", _partner_names),
        Tier(r"^(?:partner id|partnerid|partner code|partner no|partner number)$", _partner_names),
    ),
    "date": (
        Tier(r"^(?:date|response date|survey date|answered|answered at|answer date|responded at|responded|response time|submitted at|submission date|recorded date|recordeddate|datum|fecha|data)$", _dates),
        Tier(r"^(?:timestamp|end date|enddate|submit date|submit date utc|completed at|created at|activity date|date submitted|horodateur|zeitstempel|marca temporal)$", _dates),
        Tier(
            r"^(?!.*\b(?:expir\w*|end|due|start|begin|birth\w*|until|updated|modified|expected|planned|joined|sign ?up|paid)\b)"
            r".*\b(?:date|datum|fecha|data|timestamp|zeit|at|on)\b",
            _dates,
        ),
        Tier(r"\b(?:date|datum|fecha|data|timestamp|zeit)\b", _dates),
    ),
    "respondent": (
        Tier(r"^(?:respondent|respondent id|respondentid|respondent email|respondent name|contact|contact id|contact email|contact name)$"),
        Tier(r"^(?:email|e mail|email address|e mail address|mail|recipient email|recipientemail|customer email|user email)$"),
    ),
    "comment": (
        Tier(r"^(?:comment|comments|kommentar|commentaire|comentario|feedback|customer feedback|reason|why|verbatim|open text|explication)$"),
        Tier(r"\b(?:comment|comments|feedback|reason|verbatim|why)\b"),
    ),
    "invited": (Tier(r"^(?:invited|was invited|invitation sent|sent|survey sent|invited flag)$", _yes_no),),
    "customer": (
        Tier(r"^(?:contract|contract id|subscription|subscription id|renewal id|policy id|contractid|subscriptionid)$", _identifies),
        Tier(r"^(?:customer|customer id|customerid|client|client id|clientid|kunde|cliente)$"),
        Tier(r"^(?:account|account id|accountid|user id|userid|subscriber|subscriber id|member id)$"),
        Tier(r"^(?:customer name|client name|account name|company|company name)$"),
        Tier(r"^id$", _identifies),
    ),
    "retained": (
        Tier(r"^(?:retained|is retained|retained flag|retention|customer retained|kept|still customer|still active)$", _yes_no),
        Tier(r"^(?:renewed|is renewed|renewal|renewed flag|renewal status)$", _yes_no),
    ),
    "churned": (
        Tier(r"^(?:churn|churned|is churned|churn flag|churned flag|customer churned|churn yes no)$", _yes_no),
        Tier(r"^(?:churn label|churn value|exited|attrition|attrited|cancelled|canceled|lost|left)$", _yes_no),
    ),
    "period": (
        Tier(r"^(?:period|renewal period|periode|periodo)$"),
        Tier(r"^(?:quarter|renewal quarter|month|year|renewal month|renewal year|fiscal quarter)$", lambda c: not (c.high is not None and c.high < 1900)),
        Tier(r"^(?:renewal date|renewed on|due date|contract end|contract end date|renewal)$", _dates),
    ),
    "start_date": (Tier(r"^(?:start|start date|started|customer since|since|signup date|sign up date|joined|contract start|contract start date)$", _dates),),
    "end_date": (Tier(r"^(?:end|end date|ended|ended on|churn date|churned on|cancelled on|cancel date|cancellation date|termination date|lost on)$", lambda c: _dates(c) or c.is_blank),),
    "revenue_start": (Tier(r"^(?:revenue start|start revenue|opening revenue|arr start|mrr start|revenue before)$", _numbers),),
    "revenue_end": (Tier(r"^(?:revenue end|end revenue|closing revenue|arr end|mrr end|revenue after)$", _numbers),),
    "activity_type": (
        Tier(r"^(?:type|activity|activity type|record type|kind|advocacy type)$", lambda c: not c.is_mostly_numbers),
    ),
    "tier": (Tier(r"^(?:tier|partner tier|level|partner level|status level)$"), Tier(r"\btier\b")),
    "region": (Tier(r"^(?:region|partner region|area|geo|territory)$"), Tier(r"\bregion\b")),
    "owner": (Tier(r"^(?:owner|partner manager|account manager|channel manager|partner owner|manager|cam|pam)$"),),
    "invited_contacts": (Tier(r"^(?:invited contacts|contacts invited|invited|invitations|surveys sent|contacts)$", _numbers),),
    "annual_value": (Tier(r"^(?:annual value|annual revenue|revenue|value|yearly value|arr)$", _numbers),),
    "joined_date": (Tier(r"^(?:joined|joined date|joined on|partner since|since|start date|onboarded)$", _dates),),
}

#: The option that names a role's column on the command line, for messages.
OPTIONS = {role: f"--{role.replace('_', '-')}" for role in ROLES}


def plain_name(name: str) -> str:
    """Return a column's name as lower-case words without accents or punctuation: `Prénom_Client` gives `prenom client`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


@dataclass(frozen=True, slots=True)
class Choice:
    """What came out for a role: a column and why, or the equals between which nobody but the user may choose."""

    role: str
    column: str | None
    why: str
    equals: tuple[str, ...] = ()


class Columns:
    """The columns of one table by the role they play."""

    def __init__(
        self,
        profiles: Sequence[ColumnProfile],
        label: str,
        options: Mapping[str, str | None] | None = None,
        configured: Mapping[str, str] | None = None,
    ) -> None:
        self.profiles = tuple(profiles)
        self.label = label
        self._options = {role: name for role, name in (options or {}).items() if name is not None}
        self._configured = dict(configured or {})
        self._choices: dict[str, Choice] = {}

    def choice(self, role: str) -> Choice:
        """Return what came out for a role, without asking anybody."""
        if role not in self._choices:
            self._choices[role] = self._choose(role)
        return self._choices[role]

    def get(self, role: str) -> str | None:
        """Return the column of a role, None if there is none or several fit equally well."""
        return self.choice(role).column

    def known(self, role: str) -> str | None:
        """Return the column of a role, None if there is none; UsageError if several fit equally well."""
        choice = self.choice(role)
        if choice.equals:
            listed = ", ".join(repr(name) for name in choice.equals)
            raise UsageError(
                f"{self.label}: {len(choice.equals)} columns could be the {_words(role)}: {listed}. Choose one with {OPTIONS[role]} COLUMN"
            )
        return choice.column

    def required(self, role: str) -> str:
        """Return the column of a role; UsageError that lists the columns if there is none."""
        column = self.known(role)
        if column is None:
            raise UsageError(
                f"{self.label} has no column that is recognised as the {_words(role)}. Its columns: "
                f"{self.listed()}. Name one with {OPTIONS[role]} COLUMN"
            )
        return column

    def listed(self) -> str:
        """Return the names of the columns, for a message; many are cut short."""
        names = [repr(column.name if len(column.name) <= 60 else column.name[:57] + "...") for column in self.profiles]
        return ", ".join(names[:25]) + (f" and {len(names) - 25} more" if len(names) > 25 else "")

    def find(self, name: str, option: str) -> str:
        """Return the column that a user named; UsageError with the nearest name if there is none."""
        exact = [column.name for column in self.profiles if column.name == name]
        loose = exact or [c.name for c in self.profiles if c.name.casefold() == name.strip().casefold()]
        loose = loose or [c.name for c in self.profiles if plain_name(c.name) == plain_name(name)]
        if len(loose) == 1:
            return loose[0]
        names = [column.name for column in self.profiles]
        near = difflib.get_close_matches(name, names, 1, 0.6)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"{option}: {self.label} has no column {name!r}.{hint} Its columns: {self.listed()}")

    def by(self, name: str) -> str:
        """Return the column of a group: a column's own name, else a role such as `partner`."""
        if any(column.name == name for column in self.profiles) or name not in ROLES:
            return self.find(name, "--by")
        return self.known(name) or self.find(name, "--by")

    def profile(self, column: str) -> ColumnProfile:
        """Return what is known of a column's values."""
        return next(known for known in self.profiles if known.name == column)

    def taken(self) -> dict[str, str]:
        """Return the columns that were recognised so far, by role."""
        return {role: choice.column for role, choice in self._choices.items() if choice.column is not None}

    def _choose(self, role: str) -> Choice:
        if role in self._options:
            return Choice(role, self.find(self._options[role], OPTIONS[role]), "as you named it")
        if role in self._configured:
            # One configuration serves several tables, so a name that only another table has is not an error here.
            found = [column.name for column in self.profiles if column.name.casefold() == self._configured[role].casefold()]
            if found:
                return Choice(role, found[0], "from partnerkpi.toml")
        claimed = {name.casefold() for other, name in (self._configured | self._options).items() if other != role}
        for tier in ROLES[role]:
            fitting = [c.name for c in self.profiles if tier.fits(c) and c.name.casefold() not in claimed]
            if len(fitting) == 1:
                return Choice(role, fitting[0], "recognised")
            if fitting:
                return Choice(role, None, "several fit equally well", tuple(fitting))
        return Choice(role, None, "none fits")


def _words(role: str) -> str:
    return {"customer": "customer (or contract)"}.get(role, role.replace("_", " "))
