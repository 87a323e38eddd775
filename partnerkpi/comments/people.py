"""Names in a text that no column knows: after a title, in a greeting or a signature, and common first names."""

from __future__ import annotations

import re

from partnerkpi.comments.addresses import PLACEHOLDER
from partnerkpi.comments.names import WORD
from partnerkpi.comments.ordinary import is_ordinary, plain_forms
from partnerkpi.guide.themes import name_words

_TITLE = re.compile(
    r"(?<![\w'’])(?:(?P<sure>mr|mrs|ms|messrs|herrn?|mme|mlle|sra|srta|señora|señorita)"
    r"|(?P<capital>Miss|Mister|Frau|Fräulein|Fr|Hr|Dr|Prof|Professor|Professeur|Doctor|Doctora|Docteur|Sir"
    r"|Dame|Lady|Monsieur|Madame|Mademoiselle"
    r"|(?-i:MM?(?=\.|[ \t][A-ZÀ-Þ][a-zà-ÿ]))|Sr|Señor|Don|Doña|Ing|Lic))(?![\w'’-])\.?[ \t]{1,2}",
    re.IGNORECASE,
)

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
_DASHED = re.compile(r"(?P<gap>(?:\s[–—~]|\n\s*(?:--?|[–—~]))\s*)(?P<rest>[^\s–—~-].{0,60})\Z", re.DOTALL)


def without_people(text: str) -> str:
    """Return a text in which [name] stands for people: "Kind regards, Joe Bloggs" is "Kind regards, [name]"."""
    for cue, most in ((_TITLE, 4), (_GREETING, 4), (_THANKS, 3), (_INTRODUCED, 3)):
        text = _after(text, cue, most)
    text = _signed(_signed(text, _CLOSING, strict=False), _DASHED, strict=True)
    return _first_names(text)


def _after(text: str, cue: re.Pattern[str], most: int) -> str:
    """Put [name] for the name that begins where a cue ends."""
    spans: list[tuple[int, int]] = []
    for match in cue.finditer(text):
        if spans and match.start() < spans[-1][1]:
            continue
        title = match.groupdict()
        if title.get("capital") and not (title["capital"].istitle() or title["capital"] == "MM"):
            continue  # "don" and "dame" are words, and so is everything in a text of capitals
        start, end = _name_at(
            text, match.end(), most, any_case=bool(title.get("sure")) or cue is _INTRODUCED, titled=cue is _TITLE
        )
        if end > start and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return _replaced(text, spans)


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
    return (titled and len(word) == 1) or titled or not any(is_ordinary(form) for form in forms) or len(word) == 1


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
    """Put [name] for common first names with a capital, and the surname after them."""
    spans = []
    last = 0
    for word in WORD.finditer(text):
        if word.start() < last or not word.group()[0].isupper() or not _is_first_name(word.group()):
            continue
        _, end = _name_at(text, word.start(), 3, any_case=False, titled=False)
        last = max(end, word.end())
        spans.append((word.start(), last))
    return _replaced(text, spans)


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
