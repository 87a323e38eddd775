"""Columns of weights beside answers. Answers are counted here, each once, so that a weight which is there is said."""

from __future__ import annotations

from partnerkpi.lazily import pattern
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.vocabulary import plain_name

_WEIGHT = (
    r"weights?|weighting|wgts?|gewicht\w*|poids|ponderation|peso|ponderacion|ponderacao|ponderazione|weegfactor"
    r"|wegingsfactor|waga|wagi|vikt|vaegt|vekt|加重|ウェイト|ウエイト"
)
_FACTOR = r"factors?|faktor|coefficients?|coef|coeff|factor de|fator de|fattore di|coefficient de"
_OF_A_SURVEY = pattern(
    rf"(?:(?:survey|sample|sampling|response|respondent|case|design|final|rim|rake|raking|post|nps|{_FACTOR}) )*"
    rf"(?:{_WEIGHT})(?: (?:final|nps|survey|total|{_FACTOR}|\d{{1,2}}))*"
)
_ANY = pattern(rf"\b(?:{_WEIGHT}|weighted)\b")


def is_weight(column: ColumnProfile) -> bool:
    """Tell whether a column is called a weight, and holds numbers above 0 of which not all are 1."""
    called = _ANY.search(plain_name(column.name)) is not None
    numbers = column.holds_amounts and not column.is_date and (column.low is None or column.low >= 0)
    return called and numbers and not column.distinct <= {"1", "1.0", "1,0", "1.00", "1,00"}


def is_weight_of_survey(column: ColumnProfile) -> bool:
    """Tell whether a column holds the weights of a survey's answers, which differ: `weight`, `Gewichtungsfaktor`."""
    return (
        len(column.distinct) > 1 and is_weight(column) and _OF_A_SURVEY.fullmatch(plain_name(column.name)) is not None
    )
