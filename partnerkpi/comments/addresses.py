"""Addresses and numbers in a text that lead to somebody: e-mail, links, handles, phones, accounts, ids."""

from __future__ import annotations

import re

#: What stands where something was taken out; it is never looked into again.
PLACEHOLDER = re.compile(r"(\[(?:name|e-mail|link|phone|account|number)\])")

_AT = (
    r"(?:@|\s?[(\[{]\s?(?:at|@|arroba|arobase|ät)\s?[)\]}]\s?|\s(?:at|arroba|arobase)\s(?=[\w-]+\s(?:dot|punto"
    r"|point|punkt)\s))"
)
_DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|\.|punto|point|punkt)\s?[)\]}]\s?|\s(?:dot|punto|point|punkt)\s)"
_EMAIL = re.compile(rf"[\w.+'%-]*\w{_AT}[\w-]+(?:{_DOT}[\w-]+)+", re.IGNORECASE)

_LINK = re.compile(r"(?:\b(?:https?|ftp|file|mailto|tel)://?|\bwww\.|\\\\\w)\S+|\b(?:mailto|tel):\S+", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|biz|info|eu|de|fr|es|uk|us|ch|at|nl|pt|ai|app|dev"
    r"|cloud|example)\b(?:/\S*)?"
)
_HANDLE = re.compile(r"(?<![\w/])@[\w][\w.]+")

_IBAN = re.compile(
    r"\b[A-Za-z]{2}[0-9]{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,4})?\b|\b[a-z]{2}[0-9]{2}[a-z0-9]{11,30}\b"
)
_CARD = re.compile(r"(?<![\w+])(?:\d[ .-]?){12,18}\d(?!\w)")
_PHONE = re.compile(r"(?<!\w)\(?\+?\(?\d(?:[ \t\u00a0\u202f./()–-]{0,3}\d){6,14}(?!\w)")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([-./ ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d"
    r"|3[01])([-./ ])(?:0?[1-9]|[12]\d|3[01])\2"
    r"(?:19|20)\d\d|(?:19|20)\d\d ?[-–/ ] ?(?:19|20)\d\d)"
)
_ROUND_SUM = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0\u202f]\d{3})*[ .\u00a0\u202f]000")

_COUNTED = (
    r"ticket|tickets|case|order|invoice|contract|customer|account|reference|ref|id|no|nr|kundennummer|kunde"
    r"|rechnung|auftrag|vertrag|fall"
)
_COUNTED += (
    r"|vorgang|commande|facture|contrat|dossier|client|pedido|factura|contrato|caso|cliente|expediente|inc|sr"
    r"|nif|siret|vat|ust|po"
)
_ID = re.compile(
    r"(?P<kept>\b(?:" + _COUNTED + r")\b[\s.:#°º-]*(?:(?:no|nr|number|nummer|num|numéro|número|n)\b[\s.:#°º-]*)?)"
    r"(?P<id>[A-Za-z]{0,6}[-/]?\d[\d/-]{3,})\b"
    r"|(?P<hash>#)\d{3,}\b"
    r"|\b(?!iso\d)(?=[\w-]*[A-Za-z])(?=(?:[\w-]*?\d){5})[\w]+(?:-\w+)*\b"
    r"|(?<![\w.,])\d{6,}(?![\w]|[.,]\d)(?!\s?(?:€|\$|£|eur|usd|euro|dollar))",
    re.IGNORECASE,
)


def without_addresses(text: str) -> str:
    """Return a text in which placeholders stand for addresses and numbers: "call 030 1234567" is "call [phone]"."""
    pieces = PLACEHOLDER.split(text)
    return "".join(piece if number % 2 else _piece(piece) for number, piece in enumerate(pieces))


def _piece(text: str) -> str:
    for pattern, put in ((_EMAIL, "[e-mail]"), (_LINK, "[link]"), (_DOMAIN, "[link]"), (_HANDLE, "[name]")):
        text = pattern.sub(put, text)
    for pattern, put in ((_IBAN, "[account]"), (_CARD, "[account]")):
        text = pattern.sub(put, text)
    return _ID.sub(_number, _PHONE.sub(_phone, text))


def _phone(match: re.Match[str]) -> str:
    """Keep dates, spans of years and round sums, which look like phone numbers and lead to nobody."""
    text = match.group()
    if _DATE.fullmatch(text.strip("()")) or _ROUND_SUM.fullmatch(text):
        return text
    return "[number]" if text.isdigit() and text[0] != "0" else "[phone]"


def _number(match: re.Match[str]) -> str:
    if match["id"] is not None:
        return f"{match['kept']}[number]" if not re.fullmatch(r"(?:19|20)\d\d", match["id"]) else match.group()
    return "[number]"
