"""What a cell holds beside numbers and text: errors, nothing at all, and the wrappings that Excel hands over."""

from __future__ import annotations

from partnerkpi.errors import PartnerKpiError
from partnerkpi.vocabulary import ERROR_CELLS, NUMBERED_ERRORS

# An error cell comes through COM as the int 0x800A0000 + its number in the XlCVError enumeration
FIRST_COM_ERROR = -2146828288
LAST_COM_ERROR = FIRST_COM_ERROR + 0xFFFF
COM_ERRORS = {FIRST_COM_ERROR + number: text for number, text in NUMBERED_ERRORS.items()}

PARAMETER_NOT_FOUND = -2147352572  # DISP_E_PARAMNOTFOUND: an optional argument that was left out
# how pywin32 and Pyodide spell "nothing here"; told by name, because neither can be imported everywhere
NOTHING_TYPES = frozenset({"PyOleMissing", "PyOleEmpty", "PyOleArgNotFound", "JsNull"})


class CellError(PartnerKpiError):
    """The Excel error that a cell should show: `code` is its text, such as #N/A; the message says why."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code


def error_code(value: object) -> str | None:
    """Return the Excel error that a cell holds, such as #N/A; None when it holds no error.

    Takes error texts, the numbers COM hands over and xlwings Lite's JSON. error_code(-2146826246) is "#N/A".
    """
    value = plain(value)
    if isinstance(value, str):
        text = value.strip().upper()
        return text if text in ERROR_CELLS else None
    if isinstance(value, int) and FIRST_COM_ERROR <= value <= LAST_COM_ERROR:
        return COM_ERRORS.get(value, "#VALUE!")
    return None


def is_omitted(argument: object) -> bool:
    """Tell whether an optional argument was left out, or is a blank cell, which looks the same."""
    return is_nothing(argument) or (type(argument) is int and argument == PARAMETER_NOT_FOUND)


def plain(value: object) -> object:
    """Unwrap what is not plain Python: NumPy scalars and arrays, xlwings Lite's JSON cells, spellings of nothing."""
    if is_nothing(value):
        return None
    if isinstance(value, dict):  # {"type": "Error", "basicValue": "#N/A"}, {"type": "FormattedNumber", "basicValue": 9}
        return value.get("basicValue", "#VALUE!")
    to_list = getattr(value, "tolist", None)
    return to_list() if callable(to_list) else value


def is_nothing(value: object) -> bool:
    """Tell whether a value is nothing, however it is spelt."""
    return value is None or type(value).__name__ in NOTHING_TYPES
