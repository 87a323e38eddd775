"""What people wrote without who they are: names, addresses and numbers give way to [name] and the like.

Known are the names that a table holds. Others are found after a title, in a greeting or a signature, behind an initial
and in a list of first names; e-mail addresses, links, handles, phones, accounts, ids, postal addresses and licence
plates by their shape. No redaction is complete: a name that is in none of these stays. What may leave the company is
asked more (`suspicion.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from partnerkpi.comments.folding import is_ordinary, plain_forms
from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.whereabouts import without_whereabouts
from partnerkpi.guide.themes import name_words, stop_words

NOBODY = Names()

#: What fullwidth letters, digits and signs are elsewhere.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

#: Each round takes something away, so that rounds end; the bound is for safety alone.
_ROUNDS = 20

#: What stands where something was taken out; it is never looked into again.
PLACEHOLDER = re.compile(r"(\[(?:name|e-mail|link|phone|account|number|address|plate)\])")

_AT = (
    r"(?:@|\s?[(\[{]\s?(?:at|@|arroba|arobase|ät)\s?[)\]}]\s?|\s(?:at|arroba|arobase)\s(?=[\w-]+\s(?:dot|punto"
    r"|point|punkt)\s))"
)
_DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|\.|punto|point|punkt)\s?[)\]}]\s?|\s(?:dot|punto|point|punkt)\s)"
_EMAIL = re.compile(rf"(?:\w+\s(?:dot|punto|point|punkt)\s)?[\w.+'%-]*\w{_AT}[\w-]+(?:{_DOT}[\w-]+)+", re.IGNORECASE)

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

_TITLE = re.compile(
    r"(?<!\w)(?<!\w\w['’])(?:(?P<sure>mr|mrs|ms|mx|messrs|herrn?|mme|mmes|mlle|mlles|sra|srta|sras|srs|señora|señorita"
    r"|señores|dña|sig\.?ra|sig\.?na|sig\.?rina|sigg|signora|signorina|dott\.?ssa|dott|prof\.?ssa|avv|geom|rag"
    r"|dr\.?ssa|dra|monsieur|mister)"
    r"|(?P<capital>Miss|Frau|Fräulein|Fr|Hr|Dr|Prof|Professor|Professorin|Professeure?|Professore|Professoressa"
    r"|Doctor|Doctora|Docteur|Dottore|Dottoressa|Doktor|Sir|Dame|Lady|Lord|Captain|Capt|Rev|Madame|Mademoiselle"
    r"|Maître|Maitre|(?-i:Me(?=[ \t][A-ZÀ-Þ][a-zà-ÿ]))|(?-i:MM?(?=\.|[ \t][A-ZÀ-Þ][a-zà-ÿ]))|Pr(?=\.?[ \t][A-ZÀ-Þ])"
    r"|Sr|Señor|Don|Doña|(?-i:D[ªa]?\.(?=[ \t][A-ZÀ-Þ]))|Ing|Lic|Licda?|Arq|Arch|Mag"
    r"|Dipl\.?-?[ \t]?(?:Ing|Kfm|Kffr|Inf)"
    r"|Architetto|Avvocato|Ingegnere?|Geometra|Ragioniere?|Licenciad[oa]|Ingenier[oa]|Abogad[oa]|Profesora?"
    r"|Arquitect[oa]|Geschäftsführer(?:in)?|Signore?|Sig|Ph\.?D))"
    r"(?![\w'’-])\.?[ \t]{1,2}",
    re.IGNORECASE,
)

#: Titles that are capitals, or begin with some.
_CAPITALS = ("MM", "D.", "Dª.", "Da.", "Ph.D", "PhD", "Dipl.-Ing", "Dipl.-Kfm", "Dipl.-Inf", "Dipl.Ing", "Dipl. Ing")

_GREETING = re.compile(
    r"(?:^|(?<=[\n.!?¡¿;:\"'“„«(]))[ \t]*[¡¿]?(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening|day)"
    r"|greetings|hallo|moin|servus|liebe[rs]?"
    r"|sehr geehrte[rs]?|werte[rs]?|guten (?:tag|morgen|abend)|grüezi|grüß gott|bonjour|bonsoir|salut|coucou"
    r"|chers?|chères?|hola|buenos d[ií]as"
    r"|buenas(?: tardes| noches)?|estimad[oa]s?|querid[oa]s?|apreciad[oa]s?)(?:[ \t]+(?:to|an|à|a))?[ \t,]+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thankyou|thx|ty|cheers|kudos|props|danke|dankeschön|vielen dank|besten dank|dank"
    r"|merci|gracias|saludos)"
    r"(?:[ \t]+(?:so|very|much|again|beaucoup|infiniment|encore|schön|sehr|nochmals|muchas|mil|to|an|à|a|for"
    r"|go|goes|especially|vor|allem))*[ \t,]+",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"\b(?:my name is|my name's|i am called|(?:this|it) is(?= \w+ (?:from|at)\b)|mein name ist|ich hei(?:ß"
    r"|ss)e|ich bin(?: die| der)?(?= [^\W\d_]+ (?:von|aus)\b)"
    r"|je m['’ ]?appelle|mon nom est|me llamo|mi nombre es|soy(?= [^\W\d_]+ de\b))[ \t:]+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:^|(?<=[\s,.!?;:–—-]))(?:(?:best|kind|warm|warmest|with kind) ?regards|regards|sincerely(?: yours)?"
    r"|yours (?:sincerely|faithfully|truly)|best wishes|rgds|br"
    r"|mit (?:freundlichen|besten|herzlichen|lieben) (?:grüßen|grüssen|gruessen)|(?:viele|beste|liebe|schöne"
    r"|freundliche|herzliche)n? (?:grüße|grüsse|gruesse)"
    r"|(?:viele|liebe|besten|schönen|lieben|freundlichem|herzlichen)r? gru(?:ß|ss)|gru(?:ß|ss)|grüße|mfg|lg|vg|bg"
    r"|cordialement|bien (?:cordialement|à vous)|(?:sincères |meilleures )?salutations|bien à toi|amicalement|cdlt|cdt"
    r"|(?:un )?(?:cordial )?saludos?(?: cordiales| cordial)?|atentamente|atte|cordialmente"
    r"|(?:un )?abrazo)\b(?P<gap>[\s,.!;:–—-]+)(?P<rest>[^\n].{0,80})\Z",
    re.IGNORECASE | re.DOTALL,
)
#: Behind these a name with a capital: our account manager Weidenbach.
_ROLE = re.compile(
    r"\b(?:(?:account |sales |partner |channel |regional )?(?:manager|rep|contact|colleague|director)"
    r"|(?:kollegen?|kollegin|ansprechpartner(?:in)?|betreuer(?:in)?|vertriebler|techniker|innendienstler)"
    r"|(?:collègue|commerciale?|interlocuteur|interlocutrice|responsable)|(?:comercial|compañer[oa]|gestora?)"
    r"|(?:collega|commerciale|referente|tecnico))[ \t,:]+(?=(?-i:[A-ZÀ-Þ][a-zà-ÿ]))",
    re.IGNORECASE,
)
#: Initials and a surname: J. Patterson, F. de la Torre; not the end of "z. B.".
_INITIAL = re.compile(
    r"(?<![\w.])(?<![A-Za-z]\.[ ])(?:[A-ZÀ-Þ]\.[ \t]?-?){1,3}[ \t]?(?:(?:v\.|v\.d\.|[a-z]{1,3}|[dl]['’])[ \t]?){0,3}"
    r"(?P<surname>[A-ZÀ-Þ][\w'’-]*[a-zà-ÿ][\w'’-]*)(?:[ -][A-ZÀ-Þ][a-zà-ÿ][\w'’-]+)?"
)
_DASHED = re.compile(r"(?P<gap>(?:\s[–—~]|\n\s*(?:--?|[–—~]))\s*)(?P<rest>[^\s–—~-].{0,60})\Z", re.DOTALL)


def redact(text: str, names: Names = NOBODY) -> str:
    """Replace names, e-mail addresses, links, phone numbers, accounts and identifying numbers in a text.

    A known name goes in whatever case and accents it is written, a part of one (a first name alone) where it is written
    with a capital. The same text gives the same result, and a redacted text stays as it is. "Hi Maria, mail me:
    joe@acme.example" becomes "Hi [name], mail me: [e-mail]".
    """
    seen = "".join(letter for letter in text.translate(_NARROW) if unicodedata.category(letter) != "Cf")
    bare = unicodedata.normalize("NFC", seen)
    for _ in range(_ROUNDS):
        before = bare
        bare = _between_placeholders(bare, _without_addresses)
        bare = _without_people(bare)
        bare = _between_placeholders(bare, lambda piece: _without_known(piece, names))
        bare = re.sub(r"\[name\](?:[ \t]*[-.,&+/]?[ \t]*\[name\])+", "[name]", bare)
        if bare == before:
            break
    return bare


def _between_placeholders(text: str, change: Callable[[str], str]) -> str:
    """Change what lies between the placeholders, which are never looked into."""
    pieces = PLACEHOLDER.split(text)
    return "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))


def _without_known(text: str, names: Names) -> str:
    words = list(WORD.finditer(text))
    forms = [plain_forms(word.group()) for word in words]
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        length = _length_of_name(forms, at, names)
        if length == 0 and words[at].group()[0].isupper() and names.is_part(forms[at]):
            length = 1
        if length:
            spans.append((words[at].start(), words[at + length - 1].end()))
        at += length or 1
    return _replaced(text, spans)


def _length_of_name(forms: list[frozenset[str]], at: int, names: Names) -> int:
    """Return how many words from here on are a known name: the most that are, 0 if none."""
    for form in sorted(forms[at]):
        for name in names.whole.get(form, ()):
            here = forms[at : at + len(name)]
            if len(here) == len(name) and all(a & b for a, b in zip(here, name, strict=True)):
                return len(name)
    return 0


def _without_addresses(text: str) -> str:
    """Return a text in which placeholders stand for addresses and numbers: "call 030 1234567" is "call [phone]"."""
    for pattern, put in ((_EMAIL, "[e-mail]"), (_LINK, "[link]"), (_DOMAIN, "[link]"), (_HANDLE, "[name]")):
        text = pattern.sub(put, text)
    for pattern, put in ((_IBAN, "[account]"), (_CARD, "[account]")):
        text = pattern.sub(put, text)
    text = _between_placeholders(text, without_whereabouts)
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


def _without_people(text: str) -> str:
    """Return a text in which [name] stands for people: "Kind regards, Joe Bloggs" is "Kind regards, [name]"."""
    for cue, most in ((_TITLE, 4), (_GREETING, 4), (_THANKS, 3), (_INTRODUCED, 3), (_ROLE, 3)):
        text = _after(text, cue, most)
    text = _INITIAL.sub(_initial, _asked(text))
    text = _signed(_signed(text, _CLOSING, strict=False), _DASHED, strict=True)
    return _first_names(text)


def _after(text: str, cue: re.Pattern[str], most: int) -> str:
    """Put [name] for the name that begins where a cue ends."""
    spans: list[tuple[int, int]] = []
    for match in cue.finditer(text):
        if spans and match.start() < spans[-1][1]:
            continue
        title = match.groupdict()
        if title.get("sure") == "MS" and not text.isupper():
            continue  # MS Excel
        if title.get("capital") and not _is_title(title["capital"], text[match.end() : match.end() + 1]):
            continue  # "don" and "dame" are words, and so is everything in a text of capitals
        start, end = _name_at(
            text, match.end(), most, any_case=bool(title.get("sure")) or cue is _INTRODUCED, titled=cue is _TITLE
        )
        if end > start and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return _replaced(text, spans)


def _is_title(word: str, follower: str) -> bool:
    """Tell whether a word is a title as it is written, by the letter that follows: señor Arriaga, not dame or don't."""
    if word[0].isupper():
        return word[1:].islower() or len(word) == 1 or word in _CAPITALS
    return follower.isupper() and bool(plain_forms(word) & name_words("titles"))


def _name_at(text: str, start: int, most: int, *, any_case: bool, titled: bool) -> tuple[int, int]:
    """Return where a name begins and ends: words with capitals, initials, and what stands between them (van der)."""
    first = _TITLE.match(text, start)
    while first is not None:  # Herr Dr. Müller, Liebe Frau Schmidt: the titles stay
        start = first.end()
        titled, any_case = True, any_case or bool(first["sure"])
        first = _TITLE.match(text, start)
    end = at = start
    words = 0
    while words < most:
        word = WORD.match(text, at)
        if word is None:
            break
        particle = word.group() in name_words("particles") and (titled or words > 0)
        named = not particle and _is_name(word.group(), any_case=any_case and words == 0, titled=titled)
        if not (particle or named):
            break
        if named:
            words, end = words + 1, word.end()
        gap = re.compile(r"['’-]|\.?[ \t]").match(text, word.end())
        if gap is None or (gap.group()[0] == "." and word.end() - word.start() > 2):
            break
        at = gap.end()
    return start, end


def _is_name(word: str, *, any_case: bool, titled: bool) -> bool:
    if word[0].isdigit() or (word[0].islower() and not any_case):
        return False
    forms = plain_forms(word)
    if forms & name_words("nobody"):
        return False
    if titled or len(word) == 1 or not any(is_ordinary(form) for form in forms):
        return True
    return any(forms & name_words(kind) for kind in ("first", "words", "last")) and not word.isupper()


def _initial(match: re.Match[str]) -> str:
    """Keep what only looks like an initial: B. Schulungen, U.S. Support."""
    forms = plain_forms(match["surname"])
    return match.group() if any(is_ordinary(form) or form in name_words("known") for form in forms) else "[name]"


def _asked(text: str) -> str:
    """Put [name] for a first name without a capital behind a word such as "ask", and for the surname after it."""
    spans = []
    words = list(WORD.finditer(text))
    for place, word in enumerate(words[1:], 1):
        before = words[place - 1]
        forms = plain_forms(word.group())
        if (
            len(word.group()) < 4
            or not word.group().islower()
            or not plain_forms(before.group()) & name_words("asking")
        ):
            continue
        if text[before.end() : word.start()].strip(" \t") or not forms & name_words("first"):
            continue
        end = word.end()
        if place + 1 < len(words) and not text[end : words[place + 1].start()].strip(" \t"):
            follower = words[place + 1]
            joined = text[follower.end() : follower.end() + 1] in ("'", "’")  # o'brien
            if joined or not any(is_ordinary(form) for form in plain_forms(follower.group())):
                end = follower.end()
                if joined and (rest := WORD.match(text, end + 1)) is not None:
                    end = rest.end()
        spans.append((word.start(), end))
    return _replaced(text, spans)


def _signed(text: str, cue: re.Pattern[str], *, strict: bool) -> str:
    """Put [name] for what follows a closing formula at the end of a text."""
    match = cue.search(text)
    if match is None or PLACEHOLDER.fullmatch(match["rest"].strip(" .!\n")):
        return text
    words = [word.group() for word in WORD.finditer(PLACEHOLDER.sub(" ", match["rest"]))]
    capital = [
        word
        for word in words
        if not word[0].islower() and not word[0].isdigit() and not plain_forms(word) & name_words("nobody")
    ]
    if strict:
        fits = 1 <= len(words) <= 4 and all(
            _is_name(word, any_case=False, titled=False) or word in name_words("particles") for word in words
        )
    else:
        unknown = [
            word
            for word in words
            if not any(is_ordinary(form) or form in name_words("nobody") for form in plain_forms(word))
        ]
        fits = (bool(capital) and len(words) <= 7) or (len(words) <= 3 and bool(unknown))
    return f"{text[: match.start('rest')]}[name]" if fits and words else text


def _first_names(text: str) -> str:
    """Put [name] for first names with a capital, and the surname after them."""
    spans = []
    last = 0
    words = list(WORD.finditer(text))
    german = None
    for place, word in enumerate(words):
        if word.start() < last or not word.group()[0].isupper():
            continue
        if not _is_first_name(word.group()):
            if not plain_forms(word.group()) & name_words("words"):
                continue
            german = is_german(text) if german is None else german
            if not _is_meant(text, words, place, german=german):
                continue
        _, end = _name_at(text, word.start(), 3, any_case=False, titled=False)
        last = max(end, word.end())
        joined = text[max(0, word.start() - 2) : word.start()] in ("O'", "O’", "D'", "D’")
        spans.append((word.start() - 2 * joined, last))
    return _replaced(text, spans)


def _is_meant(text: str, words: Sequence[re.Match[str]], place: int, *, german: bool) -> bool:
    """Tell whether a first name that is a word as well is meant as a name: a surname follows, or it does something."""
    word = words[place]
    follower = words[place + 1] if place + 1 < len(words) else None
    if follower is not None and text[word.end() : follower.start()].strip(" ") == "" and follower.group()[0].isupper():
        return bool(_is_name(follower.group(), any_case=False, titled=False))
    if starts_sentence(text, word.start()):
        return follower is not None and bool(plain_forms(follower.group()) & name_words("does"))
    return not german


def starts_sentence(text: str, place: int) -> bool:
    """Tell whether a word that begins at a place is the first of its sentence, where every word has a capital."""
    before = text[:place].rstrip(" \t\"'“”„«»‚‘([–—-*•")
    return not before or before[-1] in ".!?:;\n¡¿…" or bool(text[len(before) : place].count("\n"))


def is_german(text: str) -> bool:
    """Tell whether a text is more likely German, in which every noun has a capital, than anything else."""
    words = [word.group().casefold() for word in WORD.finditer(text)]
    german = sum(word in stop_words("de") for word in words)
    others = max(sum(word in stop_words(language) for word in words) for language in ("en", "fr", "es", "it"))
    return german > others or (german == others and bool(re.search("[äöüß]", text.casefold())))


def _is_first_name(word: str) -> bool:
    forms = plain_forms(word)
    return any(
        form in name_words("first") or (len(form) > 4 and form[-1] == "s" and form[:-1] in name_words("first"))
        for form in forms
    )


def _replaced(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}[name]{text[end:]}"
    return text
