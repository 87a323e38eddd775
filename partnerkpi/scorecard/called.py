"""What became of a call, as the team typed it into a workbook: carried from one scorecard into the next."""

from __future__ import annotations

import datetime as dt

from partnerkpi.dataclass import dataclass
from partnerkpi.language.sentence import message

OPEN, CALLED, DONE, NOT_REACHED = message("open"), message("called"), message("done"), message("not reached")
#: What may be chosen of a call.
STATUSES = (OPEN, CALLED, DONE, NOT_REACHED)
#: The row of a partner, above its calls: what is noted there is about the partner as a whole.
PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Called:
    """The status of one call. It belongs to an answer, so one to another answer of the same person is another call.

    `since` is the day of the answer, or the last period with advocacy; `period` the one in whose workbook the call was
    listed; `on` the day that was noted. `next_score` and `next_day` are the person's first answer after that.
    """

    partner: str | None
    kind: str
    who: str | None
    period: str
    since: str | None
    score: float | None
    status: str
    on: dt.date | None = None
    note: str | None = None
    next_score: float | None = None
    next_day: dt.date | None = None

    @property
    def answered(self) -> dt.date | None:
        """Return the day of the answer that the call is about, None where it is about none or has no day."""
        try:
            return dt.date.fromisoformat(self.since) if self.since is not None else None
        except ValueError:
            return None

    @property
    def days(self) -> int | None:
        """Return how many days after the answer it was done; None where that is not so or not known."""
        answered = self.answered
        return (self.on - answered).days if self.status == DONE and self.on and answered else None
