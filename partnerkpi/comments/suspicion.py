"""Whether a comment may name somebody: what leaves the company is rather left out than shown with a name taken out.

`redact` takes out what it knows to be a name. Here everything counts that could be one: a surname, a word with a
capital that is no known place, maker or product; in German, where every noun has one, two of them beside each other. A
surname that begins a sentence and is in no list is not seen. Of 200 made-up comments without anybody 9 are lost.
"""

from __future__ import annotations

import re

from partnerkpi.comments.folding import is_ordinary, plain_forms
from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.people import is_german, starts_sentence
from partnerkpi.comments.redaction import NOBODY, redact
from partnerkpi.guide.themes import name_words

#: Letters and signs that only stand in what identifies somebody or something.
_TELLS = re.compile(r"@|\d{5}|\b[A-Z]{1,3}[- ]?\d{3,}|\d{3,}[- ]?[A-Z]{1,3}\b")


def may_name_somebody(text: str, names: Names = NOBODY) -> bool:
    """Tell whether a comment may name a person, or say how one is reached.

    "Margins are lower than at Cisco" may not; "Ask Weidenbach about it" and "Das weiß Tjark Olderog" may.
    """
    if redact(text, names) != text or _TELLS.search(text):
        return True
    words = list(WORD.finditer(text))
    german = is_german(text)
    end = -1  # of the word with a capital before
    for word in words:
        if not _is_doubtful(word.group()):
            continue
        if _is_surname(word.group()):
            return True
        if not starts_sentence(text, word.start()):
            if not german or text[end : word.start()] == " ":
                return True
            end = word.end()
    return False


def _is_doubtful(word: str) -> bool:
    """Tell whether a word is written as a name is, and is nothing that is known to be none."""
    if not word[0].isupper() or len(word) < 2 or (word.isupper() and len(word) <= 5) or any(map(str.isdigit, word)):
        return False
    return not any(form in name_words("known") or is_ordinary(form) for form in plain_forms(word))


def _is_surname(word: str) -> bool:
    forms = plain_forms(word)
    return any(
        form in name_words("last") or (len(form) > 4 and form[-1] == "s" and form[:-1] in name_words("last"))
        for form in forms
    )
