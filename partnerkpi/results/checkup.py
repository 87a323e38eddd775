"""What was understood of a file: where its table stands, what it holds, which column is which, what is set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import OpenQuestion, PartnerKpiError
from partnerkpi.periods import EVERY_DAY
from partnerkpi.results.activity_rows import ask_of_activities, refuse_numbers_of_activities
from partnerkpi.results.customer_doubts import take_equals
from partnerkpi.results.customer_layout import layout_of
from partnerkpi.results.kinds import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES
from partnerkpi.results.nps import CountedAnswers, dates_of, refuse_without_answers
from partnerkpi.results.outside import outside_notes
from partnerkpi.results.remarks import AMOUNTS, Remark, remarks
from partnerkpi.results.result import Question, SetAside
from partnerkpi.results.retention import day_of_row
from partnerkpi.results.shown import Shown, contradiction, shown
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.group_heads import ask_of_group_heads
from partnerkpi.tables.identity import name_the_list
from partnerkpi.tables.list_of_partners import take_contract_dates
from partnerkpi.tables.mistyped import near_dates
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.roles import ROLES
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.tally.activities import count_activities
from partnerkpi.tally.customers import count_customers
from partnerkpi.vocabulary import PAGES_TO_READ

#: The roles that matter for each kind of table, in the order in which they are shown.
ROLES_OF: Mapping[str, tuple[str, ...]] = {
    RESPONSES: ("score", "partner", "date", "respondent", "comment", "invited", "tier", "region"),
    ACTIVITIES: ("partner", "activity_type", "date", "activity_value"),
    CUSTOMERS: (
        "customer",
        "retained",
        "churned",
        "partner",
        "period",
        "start_date",
        "end_date",
        "revenue_start",
        "revenue_end",
    ),
    PARTNERS: ("partner", "tier", "region", "owner", "invited_contacts", "annual_value", "joined_date", "left_date"),
}
_DATES = ("date", "start_date", "end_date", "joined_date", "left_date")
#: Of these nobody has one yet where the column is blank.
_ENDS = ("end_date", "left_date")
_SHOWN_ROWS = 5
#: What is exported as a report with groups.
_WITH_GROUPS = (RESPONSES, ACTIVITIES, CUSTOMERS)


@dataclass(frozen=True, slots=True)
class Found:
    """What was understood of one table."""

    source: str
    detail: str
    kind: str | None
    columns: tuple[str, ...]
    roles: Mapping[str, str]
    questions: tuple[str, ...]
    dates: Mapping[str, str]
    ledger: Ledger
    first_rows: tuple[tuple[str | None, ...], ...]
    notes: tuple[str, ...]
    set_aside: SetAside | None
    tool: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    dimensions: tuple[str, ...] = ()
    why: str = ""
    other_kinds: Mapping[str, str] = field(default_factory=dict)
    runners_up: Mapping[str, str] = field(default_factory=dict)
    quality: tuple[Remark, ...] = ()
    passed_over: bool = False  # a page to read: it holds no table, and nobody expects one

    @property
    def decided_first(self) -> list[int]:
        """Return the places of the columns, those that play a role first, in the order of the roles."""
        taken = [self.columns.index(name) for name in self.roles.values() if name in self.columns]
        return [*dict.fromkeys(taken), *(place for place in range(len(self.columns)) if place not in taken)]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "source": self.source,
            "detail": self.detail,
            "kind": self.kind,
            "why": self.why or None,
            "passed_over": self.passed_over,
            "other_kinds": dict(self.other_kinds),
            "tool": self.tool,
            "columns": list(self.columns),
            "roles": dict(self.roles),
            "runners_up": dict(self.runners_up),
            "titles": dict(self.titles),
            "dimensions": list(self.dimensions),
            "dates": dict(self.dates),
            "questions": list(self.questions),
            "rows_read": self.ledger.rows_read,
            "rows_used": self.ledger.rows_used,
            "set_aside": dict(self.ledger.set_aside),
            "quality": [remark.as_dict() for remark in self.quality],
            "notes": list(self.notes),
            "first_rows": [list(row) for row in self.first_rows],
        }


def check_table(table: Table, columns: Columns, question: Question, named_kind: str | None = None) -> Found:
    """Return what was understood of a table; what stands in the way of counting it becomes an open question.

    `named_kind` is what the user says that it holds.
    """
    seen = Shown(named_kind, "as you said") if named_kind is not None else shown(table, columns)
    kind = seen.kind
    if kind is None and _is_to_be_read(table):
        detail = "; ".join(part.detail for part in table.parts)
        return Found(table.label, detail, None, (), {}, (), {}, Ledger(0), (), (), None, passed_over=True)
    if kind == CUSTOMERS:
        take_equals(table, columns)
    if kind == PARTNERS:
        name_the_list(columns)
        take_contract_dates(columns)
    roles: dict[str, str] = {}
    questions = [*table.questions, *([seen.asked(table.label, table.label)] if seen.question else [])]
    if named_kind is not None and (why := contradiction(named_kind, table, columns)):
        questions.append(f"{table.label} {why}: exchange the files, or name the one that is")
    dates: dict[str, str] = {}
    written: list[str] = []
    for role in ROLES_OF.get(kind or "", tuple(ROLES)):
        choice = columns.choice(role)
        if choice.column is not None:
            roles[role] = choice.column
            if role in AMOUNTS:
                try:
                    written += read_numbers(table, (choice.column,), whole=AMOUNTS[role], money=not AMOUNTS[role])[
                        0
                    ].notes
                except PartnerKpiError as error:
                    questions.append(str(error))
            if role in _DATES and not (role in _ENDS and columns.profile(choice.column).is_blank):
                try:
                    dates[choice.column] = read_dates(table, choice.column, question.day_first).how
                except PartnerKpiError as error:
                    questions.append(str(error))
        elif kind is not None and (question_of_role := columns.question(role)) is not None:
            questions.append(str(question_of_role))
    if kind in _WITH_GROUPS:
        try:
            ask_of_group_heads(table, columns)
        except OpenQuestion as error:
            questions.append(str(error))
    ledger, aside, notes = _count(table, columns, kind, question, questions, roles)
    ((total,),) = table.rows.fetch("SELECT count(*) FROM __rows")
    if ledger is None:
        # What cannot be counted is not used: the rows are there, and the reason is the open question.
        ledger = Ledger(total, {"not recognised": total} if total else {}).with_broken(table)
    if question.period == "all" and kind in (RESPONSES, ACTIVITIES) and not columns.has("date"):
        notes.append("no column is recognised as the date, which --period asks for: --date COLUMN names one")
    notes.extend(_otherwise(table, columns, kind, question))
    rows = table.rows.fetch(f"SELECT * FROM __rows LIMIT {_SHOWN_ROWS}")
    return Found(
        source=table.label,
        detail="; ".join(part.detail for part in table.parts),
        kind=kind,
        columns=table.columns,
        roles=roles,
        questions=_each_once(questions),
        dates=dates,
        ledger=ledger,
        first_rows=tuple(tuple(as_text(value) for value in row) for row in rows),
        notes=tuple(dict.fromkeys([*table.notes, *written, *notes])),
        set_aside=aside,
        tool=next((part.tool for part in table.parts if part.tool is not None), None),
        titles={column.name: column.title for column in table.profiles if column.title},
        dimensions=tuple(columns.dimensions()),
        why=seen.why,
        other_kinds=seen.others,
        runners_up={role: name for role in roles if role in ROLES and (name := columns.runner_up(role)) is not None},
        quality=remarks(table, columns, kind, ledger),
    )


def _otherwise(table: Table, columns: Columns, kind: str | None, question: Question) -> Iterator[str]:
    """Yield what commands would ask of a table that they are told is of another kind, where it may well be one."""
    if kind not in (None, PARTNERS) or not columns.has("partner"):
        return
    try:
        refuse_numbers_of_activities(table, columns)
        if kind is None:
            ask_of_activities(table, columns)
    except PartnerKpiError as error:
        yield f"as {ACTIVITIES}: {error}"
    if kind is None and columns.has("customer"):
        try:
            layout = layout_of(table, columns, question)
            count_customers(table, layout, period=question.period, as_of=question.window[1])
        except PartnerKpiError as error:
            yield f"as {CUSTOMERS}: {error}"


def _days(table: Table, columns: Columns, question: Question) -> DateColumn | None:
    """Return how the days of activities are read where they are needed: by periods, or within days that were named."""
    if question.period != "all":
        return dates_of(table, columns, question)
    column = columns.get("date") if question.window != EVERY_DAY else None
    return near_dates(table, read_dates(table, column, question.day_first), question.window) if column else None


def _is_to_be_read(table: Table) -> bool:
    """Tell whether a table is what was found on a sheet that is called a page to read, such as Read me."""
    _, _, sheet = table.label.rpartition("#")
    return "#" in table.label and sheet.strip().casefold() in PAGES_TO_READ


def with_question(found: Found, question: OpenQuestion | str | None) -> Found:
    """Return what was found of a table with one more open question, if there is one."""
    return replace(found, questions=_each_once([*found.questions, str(question)])) if question is not None else found


def unrecognised(found: Sequence[Found], columns: Sequence[Columns]) -> OpenQuestion | None:
    """Return what to ask of a source of which no table is recognised; None where one is, or where that is asked."""
    if any(one.kind is not None for one in found) or all(one.passed_over for one in found):
        return None
    asked = [question for one in found for question in one.questions]
    possible = [one for one in columns if one.may_be("score") or one.asks_otherwise]
    if asked and (not possible or any("--score" in question for question in asked)):
        return None
    try:
        (possible or columns)[0].required("score")
    except OpenQuestion as question:
        others = (
            "; or say what the file holds with --activities FILE, --customers FILE or --partners FILE, and who the "
            "partner is with --partner COLUMN"
        )
        return OpenQuestion(f"{question}{others if not asked else ''}")
    return None


def _each_once(questions: Iterable[str]) -> tuple[str, ...]:
    """Return the questions without those that another one says with more words."""
    several = list(dict.fromkeys(questions))
    return tuple(one for one in several if not any(one != other and one in other for other in several))


def _count(
    table: Table, columns: Columns, kind: str | None, question: Question, questions: list[str], roles: dict[str, str]
) -> tuple[Ledger | None, SetAside | None, list[str]]:
    try:
        if kind == RESPONSES or (kind is None and columns.counts is not None):
            counted = CountedAnswers(table, columns, replace(question, by=()))
            roles |= counted.counts.columns.roles if counted.counts is not None else {}
            try:
                refuse_without_answers(counted, question)
            except PartnerKpiError as error:
                questions.append(str(error))
            return counted.ledger, counted.rows_set_aside, counted.notes
        if kind == ACTIVITIES:
            refuse_numbers_of_activities(table, columns)
            partner = columns.required("partner")
            date = _days(table, columns, question)
            near = question.window if date is not None else EVERY_DAY
            activities = count_activities(
                table, partner=partner, known=None, date=date, period=question.period, window=near
            )
            column = date.column if date is not None else None
            told = [
                *(date.notes if date is not None else []),
                *outside_notes(activities.ledger.set_aside, near, column),
            ]
            return activities.ledger, SetAside.of(table, activities.rows), told
        if kind == CUSTOMERS:
            until, layout = question.window[1], layout_of(table, columns, question)
            customers = count_customers(table, layout, period=question.period, as_of=until)
            told = outside_notes(customers.ledger.set_aside, (None, until), day_of_row(layout))
            return customers.ledger, SetAside.of(table, customers.rows), told
        if kind == PARTNERS:
            from partnerkpi.results.advocacy import read_partners

            listed = read_partners(table, columns)
            return listed.ledger, SetAside.of(table, listed.rows), list(listed.notes)
    except PartnerKpiError as error:
        questions.append(str(error))
    return None, None, []
