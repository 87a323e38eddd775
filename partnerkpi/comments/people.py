"""Names of people that stand in no table, found by how they stand in a text: [name] in their place.

Behind a title, a greeting, thanks, an initial or the word for somebody's work; in a signature; and first names, from a
list, with the surname after them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from partnerkpi.comments.folding import is_ordinary, plain_forms
from partnerkpi.comments.names import WORD
from partnerkpi.guide.themes import name_words, stop_words

#: What stands where something was taken out; it is never looked into again.
PLACEHOLDER = re.compile(r"(\[(?:name|e-mail|link|phone|account|number|address|plate)\])")

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

#: Titles that are short for a word and are one in small letters too: hr. lehmann, dr. patel.
_SHORT = re.compile(r"(?:hr|dr|prof|sr|sig|ing|lic|arq|arch)\.")
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
    r"|engineer|technician|consultant|trainer"
    r"|(?:kollegen?|kollegin|ansprechpartner(?:in)?|betreuer(?:in)?|vertriebler|techniker|innendienstler)"
    r"|(?:mitarbeiter|berater|trainer)(?:in)?"
    r"|(?:collègue|commerciale?|interlocuteur|interlocutrice|responsable|technicien(?:ne)?|conseill(?:er|ère))"
    r"|(?:comercial|compañer[oa]|gestora?|técnic[oa]|asesora?|consultora?)"
    r"|(?:collega|commerciale|referente|tecnic[oa]|consulente))[ \t,:]+(?=(?-i:[A-ZÀ-Þ][a-zà-ÿ]))",
    re.IGNORECASE,
)
#: A person who is called something: the technician was called Krause, un agent nommé Durand.
_CALLED = re.compile(
    r"\b(?:agent|engineer|technician|guy|man|woman|lady|person|colleague|rep|somebody|someone"
    r"|mitarbeiter(?:in)?|kolleg(?:e|in)|techniker(?:in)?|berater(?:in)?|dame|herr|mann|frau|jemand|ansprechpartner(?:in)?"
    r"|employée?|technicien(?:ne)?|collègue|homme|femme|personne|dame|monsieur|conseill(?:er|ère)"
    r"|técnic[oa]|agente|hombre|mujer|persona|señora?|compañer[oa]|alguien"
    r"|tecnic[oa]|collega|operat(?:ore|rice)|uomo|donna|signora?)(?:[ \t]\w+){0,2}?[ \t,]+"
    r"(?:was called|is called|named|called|by the name of|hie(?:ß|ss)|hei(?:ß|ss)t|namens|nommée?|appelée?"
    r"|qui s['’]appelle|que se llama(?:ba)?|se llama(?:ba)?|llamad[oa]|de nombre|di nome|che si chiama|si chiama"
    r"|chiamat[oa])"
    r"[ \t:]+(?=(?-i:[A-ZÀ-Þ][a-zà-ÿ]))",
    re.IGNORECASE,
)
#: Initials and a surname: J. Patterson, F. de la Torre; not the end of "z. B.".
_INITIAL = re.compile(
    r"(?<![\w.])(?<![A-Za-z]\.[ ])(?:[A-ZÀ-Þ]\.[ \t]?-?){1,3}[ \t]?(?:(?:v\.|v\.d\.|[a-z]{1,3}|[dl]['’])[ \t]?){0,3}"
    r"(?P<surname>[A-ZÀ-Þ][\w'’-]*[a-zà-ÿ][\w'’-]*)(?:[ -][A-ZÀ-Þ][a-zà-ÿ][\w'’-]+)?"
)
_DASHED = re.compile(r"(?P<gap>(?:\s[–—~]|\n\s*(?:--?|[–—~]))\s*)(?P<rest>[^\s–—~-].{0,60})\Z", re.DOTALL)


def without_people(text: str) -> str:
    """Return a text in which [name] stands for people: "Kind regards, Joe Bloggs" is "Kind regards, [name]"."""
    for cue, most in ((_TITLE, 4), (_GREETING, 4), (_THANKS, 3), (_INTRODUCED, 3), (_ROLE, 3), (_CALLED, 3)):
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
        short = bool(title.get("capital")) and _is_short(match.group().strip(), text[match.end() :])
        if title.get("capital") and not short and not _is_title(title["capital"], text[match.end() : match.end() + 1]):
            continue  # "don" and "dame" are words, and so is everything in a text of capitals
        start, end = _name_at(
            text,
            match.end(),
            most,
            any_case=bool(title.get("sure")) or short or cue is _INTRODUCED,
            titled=cue is _TITLE,
        )
        if cue in (_ROLE, _CALLED) and plain_forms(text[start:end]) & name_words("known"):
            continue  # our technician Hamburg
        if end > start and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return replaced(text, spans)


def _is_short(title: str, follower: str) -> bool:
    """Tell whether a title in small letters stands before a name: hr. lehmann, not sr. management."""
    word = WORD.match(follower)
    return (
        _SHORT.fullmatch(title) is not None
        and word is not None
        and not any(is_ordinary(form) for form in plain_forms(word.group()))
    )


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
        # with a capital too behind a first name: De Santis, Della Valle, Le Goff
        behind = word.group().lower() if words > 0 else word.group()
        particle = behind in name_words("particles") and (titled or words > 0)
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
    return replaced(text, spans)


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
    return replaced(text, spans)


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


def replaced(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text with [name] in the place of some spans, which follow each other."""
    for start, end in reversed(spans):
        text = f"{text[:start]}[name]{text[end:]}"
    return text
