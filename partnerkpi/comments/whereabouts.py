"""Postal addresses and licence plates in a text: where somebody lives or works, and what they drive.

Addresses are known by the word for a street and the number of the house, in the order of each language, and by a code
of the post with its place. Plates are known by their shape where that is seldom anything else, and by a word before
them.
"""

from __future__ import annotations

import re

_WORD = r"(?:[^\W\d_]{1,3}\.|[^\W\d_](?:[^\W_]|['’.-](?=\w))*)"  # of any script: O'Connell, Saint-Honoré, St.
_CAPITAL = r"(?=[^\W\d_])(?![a-zà-ÿ])" + _WORD
_NUMBER = r"\d{1,5}(?:\s?[-–/]\s?\d{1,4})?\s?(?:[a-zA-Z](?![\w'’])|bis\b|ter\b|quater\b)?"
_SMALL = (
    r"(?:de|del|della|delle|dei|degli|di|da|dal|du|des|d['’]|l['’]|la|le|les|los|las|lo|el|y|e|et|en|sur|sous|am"
    r"|an der|im|i|a|à|au|aux|ob der|of|the|von|der|den)"
)
_NAME = rf"(?:{_SMALL}\s?)*{_CAPITAL}(?:[ -](?:{_SMALL}\s?)*{_CAPITAL}){{0,3}}"

#: A code of the post and its place: 80331 München, 75002 Paris, D-50674 Köln, 1011 AB Amsterdam, CH-8001 Zürich.
_PLACE = (
    rf"(?:(?:[A-Z]{{1,2}}[-–\s])?\d{{5}}|(?:CH|A|AT|B|BE|L|LU|DK|NO)[-–\s]?\d{{4}}|\d{{4}}\s?[A-Z]{{2}})\s{_NAME}"
    r"(?:\s?\([A-Z]{2}\))?"
)
_UK = r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
_US = rf"{_CAPITAL}(?:\s{_CAPITAL}){{0,2}},?\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?\b"
#: What may follow a street: a floor or a flat, then the place.
_FLAT = (
    r"(?:,?\s(?i:suite|apt\.?|apartment|unit|floor|flat|room|bldg\.?|building|etage|og|stock|bâtiment|bât\.?|appt\.?"
    r"|étage|piso|planta|puerta|pta\.?|esc\.?|escalera|int\.?|interno|scala|piano|#)\s?[\w-]{1,5}"
    r"|,?\s\d{1,2}\s?(?:[ºª°]|er|ème|e|th|nd|rd|st)(?:\s(?:floor|étage|piso|planta))?(?:,?\s?[A-Z](?!\w)|\s?\w{2,4}\.?(?=,))?)*"
)
_SHORT_PLACE = rf"\d{{4}}\s{_NAME}"  # 1010 Wien, 8001 Zürich: behind a street alone
_TAIL = rf"{_FLAT}(?:\s?[,;–-]?\s?(?:{_PLACE}|{_US}|{_SHORT_PLACE}|{_NAME}[,\s]+{_UK}|{_UK}))?"

_GERMAN = (
    rf"(?:(?:{_CAPITAL}[ -]){{0,3}}[^\W\d_][^\W_-]*(?:straße|strasse|str\.|gasse|allee|weg|platz|ring|ufer|damm|markt"
    r"|chaussee|steig|pfad|zeile|graben|wall|brücke|hof|stieg|twiete|promenade|garten|anger)"
    rf"|(?:{_CAPITAL}[ -]){{0,3}}(?:Straße|Strasse|Str\.|Gasse|Allee|Weg|Platz|Ring|Ufer|Damm|Markt|Chaussee)"
    r"|(?:Am|Im|An der|An den|Auf der|Auf dem|In der|In den|Zum|Zur|Unter den|Hinter der|Hinter dem|Vor dem|Bei der)"
    rf"\s{_CAPITAL}(?:\s{_CAPITAL})?)\s{_NUMBER}"
)
_ENGLISH = (
    rf"\d{{1,5}}[A-Za-z]?,?\s(?:{_CAPITAL}\s){{1,4}}(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|court|ct|square|sq"
    r"|place|pl|boulevard|blvd|way|close|crescent|cres|terrace|gardens|row|hill|parkway|pkwy|highway|hwy|mews|walk|quay"
    r"|wharf|circle|cir|trail|grove|park|green|plaza|estate|yard|rise|view)\b\.?"
)
_ROMANCE = (
    r"(?:rue|avenue|av\.|boulevard|bd\.?|bld\.?|place|pl\.|chemin|impasse|allées?|quai|cours|route|square|passage"
    r"|esplanade|sentier|faubourg|ruelle|villa|z\.?i\.?|z\.?a\.?|zone industrielle|rond-point)"
)
_BEHIND = (
    r"(?:calle|c/\s?|c\.|avenida|avda\.?|av\.?|plaza|pza\.?|pl\.|paseo|pº|p\.º|carrera|carretera|ctra\.?|camino|ronda"
    r"|travesía|glorieta|polígono|pol\.|urbanización|urb\.|rambla|cuesta|callejón|gran vía|via|viale|v\.le|corso"
    r"|c\.so|piazza|p\.zza|piazzale|p\.le|largo|vicolo|strada|stradone|lungotevere|lungarno|galleria|contrada"
    r"|località|loc\.|borgo|salita|rua)"
)
_ANY = rf"(?:\s(?:(?-i:{_SMALL})\s?)*[\w'’.-]+){{1,5}}?"
_BOX = (
    r"(?:p\.?\s?o\.?\s?box|postfach|bo[iî]te postale|\bb\.?p\.?|apartado(?: de correos)?|apdo\.?"
    r"|casella postale|c\.p\.)"
    r"\s(?:n[º°.]?\s?)?\d[\d ]{0,6}\d"
)
_ADDRESS = re.compile(
    "|".join(
        (
            rf"\b(?:{_GERMAN}){_TAIL}",
            rf"\b(?:{_ENGLISH.replace('street|', '(?i:street|', 1).replace('view)', 'view))', 1)}){_TAIL}",
            rf"\b\d{{1,4}}\s?(?:bis|ter|quater|[A-Ba-b](?=[\s,]))?,?\s(?i:{_ROMANCE})\s{_NAME}{_TAIL}",
            rf"(?<!\w)(?i:{_BEHIND}){_ANY},?\s(?:n[º°.]{{0,2}}\s?|núm\.?\s?|numero\s|número\s)?{_NUMBER}{_TAIL}",
            rf"(?<!\w)(?i:{_BOX}){_TAIL}",
            rf"\b{_US}",
            rf"\b(?:{_NAME},?\s)?{_UK}",
            rf"(?<![\w.,-]){_PLACE}",
        )
    )
)
#: Numbers of five digits before a word with a capital that are no code of the post.
_ROUND = re.compile(
    r"\d{2,3}000\s|\d{5}\s(?:euros?|eur|usd|chf|gbp|franken|dollar|kunden|lizenzen|user|nutzer)\b", re.I
)
_HAS_STREET = re.compile(r"[^\W\d_]{2,}.*\d|\d.*[^\W\d_]{2,}")
#: What looks like a street and its number and is neither: on the way 2 others, via 3 partners.
_NO_STREET = re.compile(
    r"(?:via|largo|corso|strada|borgo|camino|av|place|cours|passage|route|calle|ronda|plaza|paseo|villa|square)\b",
    re.I,
)

_PLATE_WORD = (
    r"(?:licen[cs]e plates?|number plates?|plates?|registration(?: number)?|reg\.?|kennzeichen|kfz|nummernschild"
    r"|immatriculée?s?|immatriculation|plaques?(?: d['’]immatriculation)?|matr[ií]culas?|placas?"
    r"|targat[oaie]|targhe|targa"
    r"|van|truck|lorry|car|wagen|fahrzeug|auto|lkw|pkw|transporter|lieferwagen|firmenwagen|camion|camionnette|voiture"
    r"|véhicule|fourgon|furgoneta|camión|coche|vehículo|furgone|vettura|macchina|automobile|veicolo)"
)
_PLATE = re.compile(
    "|".join(
        (
            r"(?<![\w-])[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}(?![\w-])",  # France, Italy
            r"(?<![\w-])[A-Z]{2}\d{2}\s?[A-Z]{3}(?![\w-])",  # United Kingdom
            r"(?<![\w-])\d{4}[- ]?[BCDFGHJKLMNPRSTVWXYZ]{3}(?![\w-])",  # Spain
            r"(?<![\w-])[A-Z]{1,2}[- ]\d{4}[- ][A-Z]{1,2}(?![\w-])",  # Spain, before 2000
            r"(?<![\w-])[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[- ]?\d{1,4}[EH]?(?![\w-])",  # Germany
            r"(?<![\w-])[A-ZÄÖÜ]{1,3}\s[A-Z]{1,2}\s?(?!(?:19|20)\d\d\b)\d{1,4}[EH]?(?![\w-])",
            r"(?<![\w-])(?:ZH|BE|LU|UR|SZ|OW|NW|GL|ZG|FR|SO|BS|BL|SH|AR|AI|SG|GR|AG|TG|TI|VD|VS|NE|GE|JU)[- ]?\d{4,6}"
            r"(?![\w-])",  # Switzerland
            r"(?<![\w-])[A-Z]{1,2}[- ]\d{3,5}\s?[A-Z]{1,2}(?![\w-])",  # Austria
            r"(?<![\w-])\d{1,4}\s?[A-Z]{2,3}\s?\d{2}(?![\w-])",  # France, before 2009
            r"(?<![\w-])(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-[A-Z]{2}-\d{2}|[A-Z]-\d{3}-[A-Z]{2}|\d-[A-Z]{3}-\d{2,3})(?![\w-])",
        )
    )
)
_PLATE_TOLD = re.compile(
    rf"(?P<kept>\b{_PLATE_WORD}\b[ :#]*(?:(?:is|ist|est|es|è|n[º°.]?|nr\.?|no\.?|numero|with|mit|avec|con)\s)?)"
    r"(?-i:(?P<plate>(?:[A-ZÄÖÜ]{1,3}[- ]?)?(?:[A-Z]{1,3}[- ]?)?\d{1,4}(?:[- ]?[A-Z]{1,3}(?:[- ]?\d{1,3})?)?))"
    r"(?![\w-])",
    re.IGNORECASE,
)
#: Shapes of plates that are something else: MS SQL, ISO AB, quarters and versions.
_NO_PLATE = re.compile(
    r"(?:ISO|DIN|EN|IEC|RFC|SQL|SAP|API|EUR|USD|CHF|GBP|MB|GB|TB|NPS|KPI|ERP|CRM|PO|FY|TCK|INC|REQ)\b"
)


def without_whereabouts(text: str) -> str:
    """Return a text in which placeholders stand for postal addresses and licence plates.

    "Our office is at 12 rue de la Paix, 75002 Paris" is "Our office is at [address]".
    """
    text = _ADDRESS.sub(_address, text)
    text = _PLATE.sub(lambda match: match.group() if _NO_PLATE.match(match.group()) else "[plate]", text)
    return _PLATE_TOLD.sub(_plate, text)


def _address(match: re.Match[str]) -> str:
    text = match.group()
    if _ROUND.match(text) or not _HAS_STREET.search(text):
        return text
    if (street := _NO_STREET.match(text)) and text[street.end() : street.end() + 2].strip()[:1].islower():
        after = text[street.end() :].split()
        if not any(word[:1].isupper() for word in after):
            return text  # "via 3 partners", "place de marché 2"
    return "[address]"


def _plate(match: re.Match[str]) -> str:
    plate = match["plate"]
    if not (re.search(r"\d", plate) and re.search(r"[A-Za-z]", plate)):
        return match.group()
    return f"{match['kept']}[plate]"
