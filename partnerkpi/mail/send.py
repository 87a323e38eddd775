"""Send what is not delivered yet, write down what became of each message, and try again what the server put off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.mail.compose import Attachment, Renderer, compose, message_id
from partnerkpi.mail.log import Entry, Key, SendLog, State
from partnerkpi.mail.plan import CheckedWorkbook, Delivery
from partnerkpi.mail.recipients import Mailbox
from partnerkpi.mail.server import MailServer, ServerBusy

#: Seconds to wait before what the server put off is tried again.
WAITS = (5.0, 30.0, 120.0)


class Outcome(StrEnum):
    """What a run says of a delivery."""

    to_send = "to send"
    before = "delivered before"
    delivered = "delivered"
    refused = "refused"
    later = "put off"
    unknown = "unknown"
    not_tried = "not tried"


_OUTCOMES = {
    State.delivered: Outcome.delivered,
    State.refused: Outcome.refused,
    State.waiting: Outcome.later,
    State.unknown: Outcome.unknown,
}
#: What leaves nothing to be done.
DONE = frozenset({Outcome.before, Outcome.delivered})


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery with what the log knows of it and what became of it."""

    delivery: Delivery
    key: Key
    message_id: str
    outcome: Outcome
    answer: str = ""
    was_unknown: bool = False

    @property
    def due(self) -> bool:
        """Tell whether it is to be sent."""
        return self.outcome is Outcome.to_send


def jobs(
    deliveries: Iterable[Delivery],
    log: SendLog,
    sender: Mailbox | None,
    *,
    again: bool = False,
    unknown_too: bool = False,
) -> list[Job]:
    """Return what is to be sent and what is not: delivered before, or of unknown fate, unless the user says so."""
    return [_job(one, log, sender, again=again, unknown_too=unknown_too) for one in deliveries]


def _job(delivery: Delivery, log: SendLog, sender: Mailbox | None, *, again: bool, unknown_too: bool) -> Job:
    box, workbook = delivery.recipient.mailbox, delivery.workbook
    known = log.last(box.key, workbook.sha256, workbook.page.period)
    key = known.key if known is not None else Key(box.key, workbook.sha256, workbook.page.period)
    outcome, answer = Outcome.to_send, ""
    if known is not None and known.state is State.delivered:
        if again:
            key, known = replace(key, again=key.again + 1), None
        else:
            outcome, answer = Outcome.before, f"on {known.changed_at[:10]}"
    elif known is not None and known.state is State.unknown and not (again or unknown_too):
        outcome, answer = Outcome.unknown, _unknown(known)
    if known is not None:
        identity = known.message_id
    else:  # without a sender nothing can be sent, only shown
        identity = message_id(sender, box, key.sha256, key.period, key.again) if sender is not None else ""
    return Job(delivery, key, identity, outcome, answer, known is not None and known.state is State.unknown)


def _unknown(entry: Entry) -> str:
    return entry.answer or f"a run ended on {entry.changed_at[:10]} while it was handed over"


class Sender:
    """Everything that one run sends with. `wait` sleeps, `progress` is called for each job that is done."""

    def __init__(
        self,
        config: Config,
        server: MailServer,
        log: SendLog,
        sender: Mailbox,
        reply_to: Mailbox | None,
        *,
        wait: Callable[[float], None],
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        self._renderer = Renderer(config)
        self._server = server
        self._log = log
        self._from = sender
        self._reply_to = reply_to
        self._wait = wait
        self._progress = progress
        self._attached: tuple[CheckedWorkbook, Attachment] | None = None

    def send(self, planned: Sequence[Job]) -> Iterator[Job]:
        """Send the jobs that are due and yield every job with what became of it, the put-off ones at the end.

        Where the connection cannot be made, the rest stays as it is, and the error is raised.
        """
        due = [job for job in planned if job.due]
        self._log.plan((job.key, job.message_id, job.delivery.workbook.path.name) for job in due)
        yield from (job for job in planned if not job.due)
        with contextlib.closing(self._server):
            for seconds in (0.0, *WAITS):
                if seconds:
                    self._wait(seconds)
                put_off = []
                for job in self._pass(due):
                    if job.outcome is Outcome.later:
                        put_off.append(job)
                    else:
                        self._progress()
                        yield job
                due = put_off
                if not due:
                    return
        yield from due

    def _pass(self, due: Sequence[Job]) -> Iterator[Job]:
        """Try each job once; where the server has no time at all, the rest is put off unasked."""
        busy = ""
        for job in due:
            if not busy:
                try:
                    yield self._try(job)
                    continue
                except ServerBusy as error:
                    busy = str(error)
            yield replace(job, outcome=Outcome.later, answer=busy)

    def _try(self, job: Job) -> Job:
        message = self._message(job)
        answer = self._server.deliver(
            self._from,
            job.delivery.recipient.mailbox,
            message,
            lambda: self._log.mark(job.key, State.unknown),
        )
        # What may have arrived the first time stays unknown until a later try is delivered.
        doubtful = job.was_unknown and answer.state is not State.delivered
        self._log.mark(job.key, State.unknown if doubtful else answer.state, answer.text)
        return replace(job, outcome=_OUTCOMES[answer.state], answer=answer.text)

    def _message(self, job: Job) -> bytes:
        recipient, workbook = job.delivery.recipient, job.delivery.workbook
        attachment = self._attachment(workbook)
        code = recipient.language
        email = self._renderer.email(workbook.page, code, workbook.file_name(code), (recipient.mailbox,))
        sent = replace(email, sender=self._from, reply_to=self._reply_to, message_id=job.message_id)
        return compose(sent, attachment)

    def _attachment(self, workbook: CheckedWorkbook) -> Attachment:
        """Return the workbook, encoded once for all its recipients; one at a time, so memory does not grow."""
        if self._attached is None or self._attached[0] is not workbook:
            self._attached = (workbook, workbook.attachment())
        return self._attached[1]
