"""What `partnerkpi mail` prints: what became of each message, as a table, JSON or CSV, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.cli.options import OutputFormat
from partnerkpi.cli.output import print_csv, print_note
from partnerkpi.cli.table import print_table
from partnerkpi.cli.terminal import echo_json
from partnerkpi.mail.message import message_of
from partnerkpi.mail.plan import Plan
from partnerkpi.mail.send import DONE, Job, Outcome

#: Exit code where some recipients have the message and others do not; 1 means none, 0 all.
SOME = 3


class Report:
    """What became of each delivery, as it is printed."""

    def __init__(self, planned: Plan, notes: list[str], *, sent: bool) -> None:
        self.planned = planned
        self.notes = notes
        self.sent = sent
        self.jobs: list[Job] = []
        self.results: dict[Any, Job] = {}
        self.error = ""

    @property
    def final(self) -> list[Job]:
        """Return each job with what became of it, in the order of the plan."""
        if not self.sent:
            return self.jobs
        rest = [replace(job, outcome=Outcome.not_tried) if job.due else job for job in self.jobs]
        return [self.results.get(job.key, job) for job in rest]

    @property
    def reached(self) -> int:
        """Return how many people have the message."""
        return sum(job.outcome in DONE for job in self.final)

    @property
    def exit_code(self) -> int:
        """Return 0 where all have it (or nothing was to be sent), 3 where some have, 1 where nobody has."""
        if not self.sent or self.reached == len(self.jobs):
            return 0
        return SOME if self.reached else 1

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each delivery."""
        return [
            {
                "recipient": job.delivery.recipient.mailbox.address,
                "name": job.delivery.recipient.mailbox.name,
                "partner": job.delivery.workbook.page.partner,
                "language": job.delivery.recipient.language,
                "file": str(job.delivery.workbook.path),
                "attachment": job.delivery.workbook.file_name(job.delivery.recipient.language),
                "bytes": job.delivery.workbook.size,
                "subject": _subject(job),
                "state": str(job.outcome),
                "answer": job.answer or None,
                "message_id": job.message_id or None,
            }
            for job in self.final
        ]

    def print(self, output: OutputFormat, *, quiet: bool) -> None:
        """Print the rows, and to standard error what they come to."""
        rows = self.rows()
        if output is OutputFormat.json:
            page = {"sent": self.sent, "messages": rows, "passed_over": self._passed_over()}
            echo_json(page)
        elif output is OutputFormat.csv:
            print_csv([{"group": {}, **row} for row in rows])
        else:
            columns = (
                ("To", lambda row: row["recipient"]),
                ("Language", lambda row: row["language"]),
                ("Attachment", lambda row: row["attachment"]),
                ("Size", lambda row: f"{row['bytes'] / 1000:,.0f} KB"),
                ("State", lambda row: row["state"]),
                ("Answer", lambda row: row["answer"] or ""),
            )
            print_table([{"group": {}, "period": None, **row} for row in rows], columns)
        for line in [*self._subjects(rows), *self.notes, *self._doubts(rows), self._summary(rows)]:
            print_note(line, quiet=quiet)
        if self.error:
            print_note(f"partnerkpi: {self.error}")

    def _passed_over(self) -> list[dict[str, str]]:
        return [{"recipient": one.mailbox.address, "reason": reason} for one, reason in self.planned.passed_over]

    def _subjects(self, rows: Sequence[dict[str, Any]]) -> list[str]:
        """Return the subjects, the first few of many."""
        subjects = list(dict.fromkeys(row["subject"] for row in rows))
        more = [f"           and {len(subjects) - 3:,} more"] if len(subjects) > 3 else []
        return [f"Subject    {subject}" for subject in subjects[:3]] + more

    def _doubts(self, rows: Sequence[dict[str, Any]]) -> list[str]:
        unknown = sum(row["state"] == "unknown" for row in rows)
        again = "--resend-unknown sends again, under the same Message-ID"
        return [f"Unknown    whether {unknown:,} arrived: {again}"] if unknown else []

    def _summary(self, rows: Sequence[dict[str, Any]]) -> str:
        counts = Counter(row["state"] for row in rows)
        states = ", ".join(f"{count:,} {state}" for state, count in counts.items())
        return f"{'Sent' if self.sent else 'Dry run':<10} {states}" + ("" if self.sent else ". --send sends")


def _subject(job: Job) -> str:
    return message_of(job.delivery.workbook.page, job.delivery.recipient.language, "").subject
