"""The kit of a survey: question, follow-ups, invitation, reminder and thanks, in each language, as text and HTML.

The HTML is what mail programs show alike: tables, styles in the tags, no pictures, no scripts, nothing from elsewhere.
The numbers from 0 to 10 have one look, so that none of them is suggested.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.csvtext import ShieldedWriter
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem
from partnerkpi.files import make_folder, replacing
from partnerkpi.language import LANGUAGES, Language, language

if TYPE_CHECKING:
    from partnerkpi.settings import Brand

#: The columns in which answers come back: what the import recognises without being told.
ANSWERS = ("date", "partner", "respondent", "invited", "score", "comment", "contact_ok", "reference_ok", "language")
ANSWERS_FILE, READ_ME = "answers.csv", "READ-ME.txt"

TRADE_MARK = (
    '"Net Promoter", "NPS" and "Net Promoter Score" are trademarks of Bain & Company, NICE Systems and Fred Reichheld; '
    "partnerkpi is not affiliated with them. Before you call a survey by these names in public, ask whether you may."
)


@dataclass(frozen=True, slots=True)
class Fields:
    """What a survey tool puts in for a person: its first name, and the link to its survey."""

    name: str
    link: str

    @property
    def plain(self) -> str:
        """Return the link that opens the survey without an answer."""
        return re.sub(r"[?&][^?&]*\{score\}", "", self.link)

    def to_score(self, score: int) -> str:
        """Return the link that opens the survey with an answer."""
        if "{score}" in self.link:
            return self.link.replace("{score}", str(score))
        joined = "&" if "?" in self.link or not self.link.startswith("http") else "?"
        return f"{self.link}{joined}score={score}"


#: The fields of the tools, as they document them.
FIELDS: Mapping[str, Fields] = {
    "plain": Fields("[first name]", "[survey link]"),
    "qualtrics": Fields("${m://FirstName}", "${l://SurveyURL}"),
    "limesurvey": Fields("{FIRSTNAME}", "{SURVEYURL}"),
}


@dataclass(frozen=True, slots=True)
class Kit:
    """For whom the survey is, and what it looks like."""

    company: str
    fields: Fields
    brand: Brand


def write_kit(folder: Path, kit: Kit, codes: Sequence[str] = tuple(LANGUAGES)) -> list[Path]:
    """Write the kit into a folder, which is made if need be: all files or none. Returns them.

    FileProblem, before anything is written, where one of them is there already: somebody may have changed it.
    """
    contents = dict(kit_files(kit, codes))
    taken = [name for name in contents if (folder / name).exists()]
    if taken:
        more = f" and {len(taken) - 1} more" if len(taken) > 1 else ""
        raise FileProblem(
            f"{folder} already holds {taken[0]}{more}, perhaps changed: nothing was written. Name another folder, or "
            f"move {'it' if len(taken) == 1 else 'them'} away first"
        )
    for place in {make_folder(folder), *((folder / name).parent for name in contents)}:
        make_folder(place)
    with ExitStack() as places:
        for name, text in contents.items():
            path = places.enter_context(replacing(folder / name, option="DIR"))
            path.write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in contents]


def kit_files(kit: Kit, codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file."""
    yield READ_ME, _read_me(codes)
    yield ANSWERS_FILE, _answers()
    for code in codes:
        texts = language(code)
        yield f"{code}/question.txt", _question(texts, kit)
        for name, paragraphs, row in _mails(texts, kit):
            subject = texts(f"survey.subject_{name}", company=kit.company)
            yield f"{code}/{name}.txt", _text(texts, kit, subject, paragraphs, row=row)
            yield f"{code}/{name}.html", _html(texts, kit, subject, paragraphs, row=row)


def _mails(texts: Language, kit: Kit) -> Iterator[tuple[str, tuple[list[str], list[str]], bool]]:
    """Yield each message: its name, what stands before the question and after it, and whether it asks."""
    invite = texts("survey.invite", company=kit.company)
    use = texts("survey.use", company=kit.company)
    yield "invitation", ([invite], [use]), True
    yield "reminder", ([texts("survey.remind"), texts("survey.already")], [use]), True
    yield "thanks", ([texts("survey.thanks", company=kit.company), texts("survey.next")], []), False


def _answers() -> str:
    import io

    out = io.StringIO(newline="")
    ShieldedWriter(out).row(ANSWERS)
    return out.getvalue()


def _read_me(codes: Sequence[str]) -> str:
    lines = (
        "A survey of your partners' people: one question from 0 to 10, and why.",
        f"Folders {', '.join(codes)}: question.txt is what to ask, with the follow-ups and whom to ask them; "
        "invitation, reminder and thanks are the mails, as text and as HTML. Send the HTML through your survey tool: "
        "the numbers in it lead to the survey with score=0 to score=10 in the address, which your tool can take as the "
        "answer.",
        "Leave the question and both ends of the scale as they are, in every language: another question is not "
        "comparable with anybody's.",
        f"{ANSWERS_FILE} has the columns in which answers are read without being told anything: date (2026-07-14), "
        "partner (spelled as in your list of partners), respondent (an e-mail address or a number, the same in each "
        "survey), invited (yes), score (0 to 10; blank is no answer), comment, contact_ok and reference_ok (yes or "
        "no), language. A row for everybody who was invited gives the response rate. Exports of survey tools are read "
        "as they are, too.",
        "Whom to invite, and how many answers it takes: partnerkpi plan partners.csv answers.csv",
        "Then: partnerkpi check answers.csv, and partnerkpi nps answers.csv --by partner",
        "Personal data: tell people what you do with their answers (the mails have a sentence), keep no more than you "
        "need, and ask nobody more than once a quarter.",
        TRADE_MARK,
    )
    return "\n\n".join(textwrap.fill(line, 78) for line in lines) + "\n"


def _question(texts: Language, kit: Kit) -> str:
    scale = "0 1 2 3 4 5 6 7 8 9 10"
    lines = [
        texts("survey.question", company=kit.company),
        f"    {scale}",
        f"    0 = {texts('survey.low')}, 10 = {texts('survey.high')}",
        "",
    ]
    yes_no = texts("survey.yes_no")
    for whom, asked in (
        ("all", (texts("survey.reason"),)),
        ("detractors", (texts("survey.detractors"),)),
        ("passives", (texts("survey.passives"),)),
        ("promoters", (texts("survey.promoters"), f"{texts('survey.reference')} ({yes_no})")),
        ("all", (f"{texts('survey.contact')} ({yes_no})",)),
    ):
        lines += [texts(f"survey.ask_{whom}"), *(f"    {one}" for one in asked), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _closing(texts: Language, kit: Kit) -> list[str]:
    return [texts("survey.regards"), kit.company]


def _text(texts: Language, kit: Kit, subject: str, paragraphs: tuple[list[str], list[str]], *, row: bool) -> str:
    before, after = paragraphs
    parts = [subject, texts("mail.greeting", name=kit.fields.name), *before]
    if row:
        parts += [texts("survey.question", company=kit.company), texts("survey.scale")]
        parts.append(texts("survey.answer_here", link=kit.fields.plain))
    parts += after
    folded = [textwrap.fill(part, 72, break_long_words=False, break_on_hyphens=False) for part in parts]
    return "\n\n".join([*folded, "\n".join(_closing(texts, kit))]) + "\n"


def _html(texts: Language, kit: Kit, subject: str, paragraphs: tuple[list[str], list[str]], *, row: bool) -> str:
    before, after = paragraphs
    brand = kit.brand
    ink, accent = (f"#{colour.lstrip('#')}" for colour in (brand.ink, brand.accent))
    sans = escape(f"'{brand.font}', 'Segoe UI', -apple-system, Roboto, Helvetica, Arial, sans-serif")
    opening = [texts("mail.greeting", name=kit.fields.name), *before]
    parts = [f'<p style="margin:0 0 12px">{escape(text)}</p>' for text in opening]
    if row:
        question = escape(texts("survey.question", company=kit.company))
        parts.append(
            f'<h1 class="ink" style="margin:20px 0 8px;font-size:18px;line-height:26px;font-weight:bold;color:{ink}">'
            f"{question}</h1>"
        )
        parts.append(f'<p class="muted" style="{_SMALL}">{escape(texts("survey.choose"))}</p>')
        parts.append(_row(texts, kit, accent))
    parts += [f'<p class="muted" style="{_SMALL}">{escape(text)}</p>' for text in after]
    closing = "<br>".join(map(escape, _closing(texts, kit)))
    parts.append(f'<p style="margin:16px 0 0">{closing}</p>')
    return _PAGE.format(
        lang=texts.code, subject=escape(subject), sans=sans, ink=ink, font=escape(brand.font), body="\n".join(parts)
    )


_SMALL = "margin:0 0 12px;font-size:14px;line-height:20px;color:#5B6472"


def _row(texts: Language, kit: Kit, accent: str) -> str:
    """Return the numbers from 0 to 10 as links, in a table that is as wide as the message."""
    cells = "\n".join(  # a line of a mail has at most 998 characters
        f'<td class="number" align="center" bgcolor="#FFFFFF" style="border:1px solid {accent};background:#FFFFFF">'
        f'<a href="{escape(kit.fields.to_score(score))}" class="accent" style="display:block;padding:12px 0;'
        f'font-size:16px;line-height:20px;font-weight:bold;color:{accent};text-decoration:none">{score}</a></td>'
        for score in range(11)
    )
    ends = "".join(
        f'<td class="muted" width="50%" align="{side}" valign="top" style="padding:4px 0 16px;font-size:13px;'
        f'line-height:18px;color:#5B6472;text-align:{side}">{escape(text)}</td>'
        for side, text in (("left", f"0 = {texts('survey.low')}"), ("right", f"10 = {texts('survey.high')}"))
    )
    table = (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        'style="width:100%;border-collapse:collapse;table-layout:fixed">'
    )
    return f"{table}\n<tr>{cells}</tr>\n</table>\n{table}\n<tr>{ends}</tr>\n</table>"


_PAGE = """<!DOCTYPE html>
<html lang="{lang}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (max-width: 480px) {{
  .page {{ padding: 0 !important; }}
  .card {{ padding: 20px 12px !important; border-radius: 0 !important; }}
}}
@media (prefers-color-scheme: dark) {{
  .page {{ background: #121A26 !important; }}
  .card, .number {{ background: #1B2535 !important; }}
  .ink {{ color: #EEF1F6 !important; }}
  .muted {{ color: #AEB8C6 !important; }}
  .accent {{ color: #8FBDE8 !important; }}
  .number {{ border-color: #8FBDE8 !important; }}
}}
</style>
<!--[if mso]><style>body, table, td, p, h1, a {{ font-family: {font}, Arial, sans-serif !important; }}</style><![endif]-->
</head>
<body class="page" style="margin:0;padding:0;background:#F4F6F9">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#F4F6F9" style="background:#F4F6F9;border-collapse:collapse;table-layout:fixed">
<tr><td class="page" align="center" style="padding:24px 12px">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;border-collapse:separate;table-layout:fixed">
<tr><td class="card ink" bgcolor="#FFFFFF" style="padding:28px 32px;background:#FFFFFF;border-radius:6px;text-align:left;overflow-wrap:break-word;font-family:{sans};font-size:16px;line-height:24px;color:{ink}">
{body}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
"""  # noqa: E501 - lines of HTML, as mail programs take them
