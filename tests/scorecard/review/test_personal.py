"""What personal data is found in comments in five languages, and how many comments are lost where none may be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerkpi.comments.names import WORD
from partnerkpi.comments.people import PLACEHOLDER
from partnerkpi.comments.redaction import redact
from partnerkpi.comments.suspicion import may_name_somebody

FOLDER = Path(__file__).parent / "personal"
SPAN = re.compile(r"\[\[(?P<kind>\w+)\|(?P<text>[^\]]*)\]\]")
#: A title may stay: it says of nobody who it is.
TITLES = frozenset(
    WORD.findall(
        "mr mrs ms dr prof professor professeur frau fräulein herr herrn dipl ing geschäftsführer mme mlle madame "
        "monsieur maître me sra sr señora señor don doña lic sig ra dott ssa avv rag signora signor l architetto"
    )
)


def comments(*files: str) -> Iterator[tuple[str, str]]:
    """Yield each comment of some files, with its marks, and its language."""
    for name in files:
        for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                language, text = line.split("\t")
                yield text, language


def unmarked(text: str) -> str:
    """Return a comment as somebody wrote it."""
    return SPAN.sub(lambda span: span["text"], text)


def words(text: str) -> Counter[str]:
    """Return the words of a text and how often each stands there."""
    return Counter(word.group().casefold() for word in WORD.finditer(text))


@pytest.mark.parametrize("file", ["first", "second"])
@pytest.mark.parametrize("kind", ["name", "mail", "phone", "iban", "plate", "address"])
def test_personal_data_is_found_in_five_languages(kind: str, file: str) -> None:
    """Of a hundred made-up comments at least 95 % of each kind of data is taken out, to the last word of it."""
    found = told = 0
    for text, _ in comments(file):
        left = words(PLACEHOLDER.sub(" ", redact(unmarked(text))))
        beside = words(SPAN.sub(" ", text))
        for span in SPAN.finditer(text):
            if span["kind"] == kind:
                told += 1
                own = [word for word in words(span["text"]) if word not in TITLES and len(word) > 1]
                found += all(left[word] <= beside[word] for word in own)
    assert told >= 5
    assert found >= 0.95 * told


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it"])
def test_nothing_personal_leaves_in_a_pack(language: str) -> None:
    """A comment that holds a name, a number or an address is no quote for anybody outside: all 40 of a language."""
    kept = [
        text
        for text, spoken in comments("first", "second")
        if spoken == language and not may_name_somebody(unmarked(text))
    ]
    assert kept == []


def test_few_comments_are_lost_that_name_nobody() -> None:
    """Of 200 comments without anybody at most 10 % could not be quoted in a pack, and 3 % are changed at all."""
    harmless = [text for text, _ in comments("harmless_first", "harmless_second")]
    assert len(harmless) == 200
    assert sum(map(may_name_somebody, harmless)) <= 20
    assert sum(redact(text) != text for text in harmless) <= 6


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Margins are lower than at Cisco", False),
        ("Ask Weidenbach about it", True),
        ("Die Schulung war gut, das Portal ist langsam", False),
        ("Das hat uns Tjark Olderog erklärt", True),
    ],
)
def test_a_word_with_a_capital_may_be_a_name(text: str, may: bool) -> None:
    """Unless it is a known place or maker, begins a sentence, or is one German noun."""
    assert may_name_somebody(text) is may


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We are at 12 rue de la Paix, 75002 Paris.", "We are at [address]."),
        ("An der Alten Mühle 3a, 04109 Leipzig", "[address]"),
        ("Via Garibaldi 12, 20121 Milano", "[address]"),
        ("reached via 3 partners", "reached via 3 partners"),
        ("50000 Euro and 12000 Kunden", "50000 Euro and 12000 Kunden"),
        ("van with plate FK 482 ZT", "van with plate [plate]"),
        ("registration took 13 days", "registration took 13 days"),
        ("MS SQL 2019 and SAP B1 2024", "MS SQL 2019 and SAP B1 2024"),
        ("Mark never answers", "[name] never answers"),
        ("Will the portal be faster?", "Will the portal be faster?"),
        ("z. B. Schulungen", "z. B. Schulungen"),
        ("sagt F. de la Torre", "sagt [name]"),
    ],
)
def test_what_is_an_address_a_plate_or_a_name(text: str, shown: str) -> None:
    """Shapes that are seldom anything else; sums, years and ways stay."""
    assert redact(text) == shown
