"""Quotes say nothing about who wrote them, as far as a program can tell."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.comments.names import known_names
from partnerkpi.comments.redaction import redact

KNOWN = known_names(
    [
        "Maria López",
        "Jürgen Müller",
        "Acme Ltd",
        "Support Systems GmbH",
        "j.smith@northwind.example",
        "O'Brien",
        "Dana Fox",
        "Renée Lefèvre",
        "R-0017",
        None,
        "",
    ]
)

CASES = """
Hi Maria, the portal is slow. | Hi [name], the portal is slow.
HI MARIA LÓPEZ | HI [name]
maria lopez was great | [name] was great
Jürgen Mueller hilft | [name] hilft
Juergen Müllers Team | [name] Team
Acme's price, ACME LTD | [name]'s price, [name]
ACME-Portal | [name]-Portal
OBrien and O’Brien | [name] and [name]
RENEE LEFEVRE nous aide | [name] nous aide
Northwind is slow | [name] is slow
R-0017 said so | [name] said so
Support took 3 days | Support took 3 days
the support systems are slow | the support systems are slow
Herr von der Leyen hat geholfen | Herr [name] hat geholfen
Sehr geehrte Frau Dr. Schmidt, danke | Sehr geehrte Frau Dr. [name], danke
meine Frau sagt danke | meine Frau sagt danke
Herrn Meier vom Vertrieb danken wir | Herrn [name] vom Vertrieb danken wir
Dr. K. Müller-Lüdenscheid war da | Dr. [name] war da
Prof. Weber sagt nein | Prof. [name] sagt nein
M. Dupont répond toujours | M. [name] répond toujours
Mme de la Tour nous aide | Mme [name] nous aide
JE TROUVE QU'ELLE ME REND FOU | JE TROUVE QU'ELLE ME REND FOU
Sr. García no contesta | Sr. [name] no contesta
la sra. Pérez no contesta | la sra. [name] no contesta
Don't call us | Don't call us
mr smith never called | mr [name] never called
Ms. O'Neill-Hart replied | Ms. [name] replied
Dear Sir or Madam, thanks | Dear Sir or Madam, thanks
Hallo zusammen, das Portal ist langsam | Hallo zusammen, das Portal ist langsam
Liebe Sabine, vielen Dank | Liebe [name], vielen Dank
Bonjour à tous, le portail est lent | Bonjour à tous, le portail est lent
Cher Fréjus, merci | Cher [name], merci
Trop cher | Trop cher
Hola Begoña, el portal va lento | Hola [name], el portal va lento
Estimado Iñaki: gracias | Estimado [name]: gracias
Thanks Priyanka! | Thanks [name]!
Thanks to Ngozi Adeyemi it works | Thanks to [name] it works
Danke Leute | Danke Leute
thanks, great job | thanks, great job
Regards, John Smith | Regards, [name]
Slow.\\nkind regards\\njoe | Slow.\\nkind regards\\n[name]
Mit freundlichen Grüßen\\nHans Meier, Beispiel AG | Mit freundlichen Grüßen\\n[name]
Passt. LG Anna | Passt. LG [name]
Cordialement, Jean-Pierre Dubois | Cordialement, [name]
Un saludo, José Ñúñez | Un saludo, [name]
Best regards from the whole team | Best regards from the whole team
Good.\\n— Priyanka Natarajan | Good.\\n— [name]
my name is oluwaseun | my name is [name]
Ich heiße Karl-Heinz Krüger | Ich heiße [name]
Je m'appelle Aurélie | Je m'appelle [name]
Me llamo Íñigo Montoya | Me llamo [name]
Spoke to Sabine Kraus about it | Spoke to [name] about it
Thomas' answer was quick | [name]' answer was quick
mail joe@acme.example now | mail [e-mail] now
JOE.BLOGGS+x@MAIL.ACME.EXAMPLE | [e-mail]
mail joe (at) acme dot com | mail [e-mail]
joe[at]acme[dot]com | [e-mail]
ｊｏｅ＠ａｃｍｅ．ｃｏｍ | [e-mail]
müller@bücher.example | [e-mail]
see https://x.example/z?u=maria today | see [link] today
www.acme.example/login fails | [link] fails
go to acme.com/portal | go to [link]
@maria_l fixed it | [name] fixed it
call +49 (0)30 1234-567 | call [phone]
Le 06 12 34 56 78 ne répond pas | Le [phone] ne répond pas
tel. 030/1234567 | tel. [phone]
llame al 612 345 678 | llame al [phone]
IBAN DE89 3704 0044 0532 0130 00 | IBAN [account]
card 4111 1111 1111 1111 | card [account]
card 4111-1111-1111-1111 | card [account]
ticket #48213 is open | ticket #[number] is open
Ticket 48213 | Ticket [number]
Kunde 100234 wartet | Kunde [number] wartet
INC0012345 is open | [number] is open
id 9223372036854775807 | id [account]
on 2026-07-01 we waited | on 2026-07-01 we waited
am 01.07.2026 kam nichts | am 01.07.2026 kam nichts
2024-2025 were bad years | 2024-2025 were bad years
we lost 1 000 000 euros | we lost 1 000 000 euros
10/10, 24/7, 3 weeks, 15 % | 10/10, 24/7, 3 weeks, 15 %
ma\u200bria lo\u200bpez waited | [name] waited
hr. olderog meldet sich nie | hr. [name] meldet sich nie
sig. brambilla non risponde | sig. [name] non risponde
the dr. was late | the dr. was late
Hotline legte auf, Mitarbeiter hieß Olderog. | Hotline legte auf, Mitarbeiter hieß [name].
una persona llamada Etxebarria | una persona llamada [name]
El técnico Etxebarria llegó tarde. | El técnico [name] llegó tarde.
the tool called Connect is slow | the tool called Connect is slow
"""


def table() -> list[tuple[str, str]]:
    """Return what somebody wrote and what may be shown of it."""
    pairs = [line.split(" | ") for line in CASES.strip().splitlines()]
    return [(before.replace("\\n", "\n"), after.replace("\\n", "\n")) for before, after in pairs]


@pytest.mark.parametrize(("written", "shown"), table())
def test_what_is_shown(written: str, shown: str) -> None:
    """Names, addresses and identifying numbers give way; words, dates, sums and nobody in particular stay."""
    assert redact(written, KNOWN) == shown


NAMES = ["Maria López", "Jürgen Müller", "Zoë Brontë-Smythe", "Łukasz Żak", "Ngọc Trần", "Ødegård", "Qvxtl"]
MARKS = ["", "\u0301", "\u0308", "\u0327"]


def bare(text: str) -> str:
    """Return a text without case, accents and punctuation."""
    spread = unicodedata.normalize("NFKD", text).casefold().translate(str.maketrans("łøı", "loi"))
    return " ".join("".join(c if c.isalnum() else " " for c in spread if not unicodedata.combining(c)).split())


@given(st.sampled_from(NAMES), st.data(), st.text(" abc.,!?", max_size=12), st.text(" abc.,!?", max_size=12))
def test_no_known_name_survives(name: str, data: st.DataObject, before: str, after: str) -> None:
    """A known name goes in whatever case and with whatever accents it is written."""
    letters = [
        data.draw(st.sampled_from([letter.upper(), letter.lower()]))
        + data.draw(st.sampled_from(MARKS if letter.isalpha() else [""]))
        for letter in name
    ]
    shown = redact(f"{before} {''.join(letters)} {after}", known_names([name]))
    assert bare(name) not in bare(shown)


PIECES = [
    *(written for written, _ in table()),
    "[name]",
    "[phone]",
    ",",
    "Regards,",
    "Hi",
    "Dr.",
    "12",
    "+",
    "@",
    "-",
    "Maria",
]


@given(st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join))
def test_a_redacted_text_stays_as_it_is(text: str) -> None:
    """Redacting twice is redacting once, and the same text gives the same result."""
    once = redact(text, KNOWN)
    assert redact(once, KNOWN) == once == redact(text, KNOWN)


@given(st.text(max_size=200))
def test_any_text_can_be_redacted(text: str) -> None:
    """No text is too strange, and one that is redacted stays as it is."""
    once = redact(text)
    assert redact(once) == once


def test_ordinary_words_are_no_names() -> None:
    """A partner called Support Systems, or an owner "unknown", does not take words out of what people wrote."""
    names = known_names(["Direct", "unknown", "Support", "Marketing Team", "n/a", "A"])
    assert redact("Direct Support by the Marketing team, A+", names) == "Direct Support by the Marketing team, A+"


@pytest.mark.parametrize(
    "name", ["Callum Reyes", "Brandon Lee", "Regina Falk", "Gomez Ltd", "Pathak & Sons", "Genaro Sol"]
)
def test_a_known_name_that_begins_like_a_word_of_a_theme_is_a_name(name: str) -> None:
    """The stem of calls and calling is no reason to leave Callum in a quote."""
    first = name.split()[0]
    assert redact(f"{first} is quick to answer.", known_names([name])) == "[name] is quick to answer."
    assert redact("Calls are answered, brands sell, paths are clear.", known_names([name])).count("[name]") == 0
