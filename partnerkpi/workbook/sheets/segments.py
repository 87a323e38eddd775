"""The segments of the answers in the chosen period, beside all answers: on the sheet of the NPS."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.clustered import Clustered, Clusters
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.scores import AdjustedNps, ScoreTally
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.parts import Segment
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.figures.charts import BANDS, shares_of
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.expression import Expression, Given, given, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.names import CONFIDENCE, MIN_ANSWERS, PERIOD_NUMBER
from partnerkpi.workbook.model.phrases import decimal, nearest, shown
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    COUNT,
    HEAD_NUMBER,
    MUTED,
    NOTE,
    PULL,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    SHARE,
)
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    K,
    Place,
    grey_where,
    interval_fields,
    letters_of,
    write_entry,
    write_heads,
)
from partnerkpi.workbook.sheets.parts import SheetContext, chosen_field

NOT_GIVEN, OTHERS = message("(not given)"), message("The rest together")
BAND_HEADS = dict(zip(BANDS, (message("Promoters"), message("Passives"), message("Detractors")), strict=True))
TOO_FEW = message("too few to show")
_LAST, _WORKINGS = 14, 16  # the last column that is printed, and the first of the workings right of it


def segment_name(segment: Segment) -> str:
    """Return what a segment is called."""
    if segment.others:
        return translate(OTHERS)
    return translate(NOT_GIVEN) if segment.value is None else segment.value


def dimension_name(dimension: str) -> str:
    """Return what a dimension is called: it begins with a capital letter."""
    return dimension[:1].upper() + dimension[1:]


@dataclass(frozen=True)
class SegmentFigures:
    """What Python knows of a segment in the chosen period; `tally` None: the group is too small to be shown."""

    context: SheetContext
    tally: ScoreTally | None
    others: bool = False
    clusters: Clusters | None = None

    @property
    def clustered(self) -> Clustered | None:
        """Return the NPS of the segment with its interval if its partners stand for others."""
        return self.clusters.clustered(self.context.card.confidence) if self.clusters is not None else None

    @property
    def total(self) -> ScoreTally:
        """Return all answers of the period."""
        return self.context.current.line.scores

    @property
    def share(self) -> float | None:
        """Return the segment's answers in percent of all."""
        if self.tally is None or not self.total.responses:
            return None
        return 100 * self.tally.responses / self.total.responses

    @property
    def adjusted(self) -> AdjustedNps | None:
        """Return the adjusted Wald point of the segment."""
        return self.tally.adjusted() if self.tally is not None else None

    @property
    def interval(self) -> Interval | None:
        """Return the interval of the segment's NPS."""
        return self.tally.interval(self.context.card.confidence) if self.tally is not None else None

    @property
    def pull(self) -> float | None:
        """Return what the segment adds to the NPS of all: its share times its distance from it."""
        nps, total, share = self.tally.nps if self.tally is not None else None, self.total.nps, self.share
        return None if nps is None or total is None or share is None else share * (nps - total) / 100


def write_segment_table(
    context: SheetContext, sheet: SheetModel, top: int, segments: Sequence[Segment]
) -> tuple[int, int]:
    """Write all answers of the period and below them each dimension; return the last row and that of all answers."""
    fields, total = _fields(context.layout), top + 2
    write_heads(context.model, sheet, top + 1, translate("Segment"), fields)
    write_entry(
        context.model, sheet, total, _total_fields(context), Entry(translate("All answers"), 0, context, bold=True)
    )
    row, dimension = total, ""
    pulls: list[tuple[str, float]] = []
    for number, segment in enumerate(segments, 1):
        if segment.dimension != dimension:
            row, dimension = row + 1, segment.dimension
            context.model.put(sheet, (row, 1), dimension_name(dimension), ROW.but(bold=True, colour=ACCENT))
            for column in range(2, _LAST + 1):
                context.model.blank(sheet, (row, column), ROW)
        row += 1
        period = context.card.current
        known = SegmentFigures(context, segment.tallies[period], segment.others, segment.clusters.get(period))
        if known.pull is not None and not segment.others:  # of which nobody can do anything
            pulls.append((segment_name(segment), known.pull))
        entry = Entry(segment_name(segment), number, known)
        write_entry(context.model, sheet, row, fields, entry)
        _workings(context, sheet, row, entry)
    context.model.put(sheet, (top, 1), _finding(context, pulls, fields, (total + 1, row)), SECTION)
    if segments:
        for column, field in enumerate(_workings_fields(context.layout), _WORKINGS):
            context.model.put(sheet, (top + 1, column), field.head, HEAD_NUMBER)
        few = f'IF(ISNUMBER($B{total + 1}),$B{total + 1}<{MIN_ANSWERS},$N{total + 1}<>"")'
        grey_where(sheet, f"A{total + 1}:N{row}", few)
    elif not context.card.is_pack:  # which has none, whatever the answers hold
        row += 1
        text = translate(
            "No column of the answers or of the list of partners makes segments: add one, such as region or product."
        )
        context.model.put(sheet, (row, 1), text, NOTE)
    return row, total


def _finding(
    context: SheetContext,
    pulls: Sequence[tuple[str, float]],
    fields: Sequence[Field[SegmentFigures]],
    rows: tuple[int, int],
) -> Live:
    """Say which segment takes most from the NPS of all."""
    plain: Given = tell("Segments in {period}", period=context.period)
    if context.card.is_pack:
        plain = tell("All answers in {period}", period=context.period)
    if rows[0] > rows[1]:
        return live(plain)
    letter = letters_of(fields)["pull"]
    cells = f"{letter}{rows[0]}:{letter}{rows[1]}"
    name, pull = min(pulls, key=lambda one: one[1], default=("", 0.0))  # without numbers the least is 0
    lowest = given(f"MIN({cells})", pull)
    who = given(f"INDEX(A{rows[0]}:A{rows[1]},MATCH(MIN({cells}),{cells},0))", name)
    words = tell(
        "Segments in {period}: {segment} takes most from the NPS ({points} points)",
        period=context.period,
        segment=who,
        points=decimal(lowest),
    )
    return live(when(nearest(lowest, 1) < 0, words, plain))


def _counted(layout: Layout, head: str) -> Callable[[Place], str]:
    """Return the sum of a column of the segments' tallies, for the segment of the row and the chosen period."""
    of_segment, of_period = layout.segment("Segment number"), layout.segment("Period number")
    return lambda p: f"SUMIFS({layout.segment(head)},{of_segment},{p.number},{of_period},{PERIOD_NUMBER})"


def _fields(layout: Layout) -> list[Field[SegmentFigures]]:
    """Return the columns to look at; the last ones rest on the workings."""

    def count(band: str) -> Field[SegmentFigures]:
        formula = _counted(layout, band.capitalize())

        def value(k: SegmentFigures) -> Value:
            return DASH if k.tally is None else int(getattr(k.tally, band))

        return Field(
            band,
            translate(BAND_HEADS[band]),
            lambda p: f'IF({_working(p, "shown")}=1,{formula(p)},"{DASH}")',
            value,
            COUNT,
        )

    def of_nps(formula: Callable[[Place], str]) -> Callable[[Place], str]:
        return lambda p: when_number(p("answers"), formula(p))

    return [
        Field(
            "answers",
            translate("Answers"),
            lambda p: when_number(p("promoters"), f"{p('promoters')}+{p('passives')}+{p('detractors')}"),
            lambda k: DASH if k.tally is None else k.tally.responses,
        ),
        Field(
            "share",
            translate("Share of answers"),
            lambda p: of_nps(lambda p: arithmetic.share(p("answers"), f"({layout.chosen('answers')})"))(p),
            lambda k: shown(k.share),
            SHARE,
        ),
        *(count(band) for band in BANDS),
        *share_fields(lambda k: k.tally),
        Field(
            "nps",
            "NPS",
            of_nps(lambda p: arithmetic.nps(p("promoters"), p("detractors"), p("answers"))),
            lambda k: shown(k.tally.nps if k.tally is not None else None),
            SCORE,
        ),
        *interval_fields(
            lambda p: arithmetic.ends_where(
                p("answers"), arithmetic.nps_ends(p("answers"), _working(p, "adjusted"), _working(p, "error"))
            ),
            lambda k: k.interval,
            SCORE,
        ),
        Field(
            "pull",
            translate("Adds\nto NPS"),
            lambda p: when_number(
                p("nps"),
                when_number(p("share"), f"{p('share')}*({p('nps')}-{layout.chosen('nps')})/100"),
            ),
            lambda k: None if k.others else shown(k.pull),
            PULL,
        ),
        Field("note", translate("Note"), _NOTE.formula, _NOTE.value, left=True),
    ]


def _working(p: Place, key: str) -> str:
    """Return the cell of a working of this row."""
    column = _WORKINGS + [field.key for field in _workings_fields(None)].index(key)
    return f"${get_column_letter(column)}{p.row}"


_SHOWN = Expression[Place, SegmentFigures](lambda p: _working(p, "shown"), lambda k: int(k.tally is not None))
_ANSWERS = Expression[Place, SegmentFigures](lambda p: p("answers"), lambda k: k.tally.responses if k.tally else DASH)
_FEWEST = Expression[Place, SegmentFigures](lambda _: MIN_ANSWERS, lambda k: k.context.card.min_responses)
_FEW = when(_ANSWERS.equals(0), tell("no answers"), when(_ANSWERS < _FEWEST, tell("few answers")))
_NOTE = when(_SHOWN.equals(1), _FEW, tell(TOO_FEW))


def _workings_fields(layout: Layout | None) -> list[Field[SegmentFigures]]:
    """Return the steps that the columns to look at rest on; without a layout their keys alone count."""

    def point(p: Place) -> tuple[str, str, str]:
        return p("promoters"), p("detractors"), p("answers")

    return [
        Field(
            "shown",
            translate("Shown"),
            lambda p: _counted(layout, "Shown")(p) if layout is not None else "",
            lambda k: int(k.tally is not None),
        ),
        Field(
            "adjusted",
            translate("Adjusted NPS"),
            lambda p: when_number(p("answers"), arithmetic.adjusted_nps(*point(p))),
            lambda k: shown(adjusted.points if (adjusted := k.adjusted) is not None else None),
            FINE,
        ),
        Field(
            "error",
            translate("Standard error"),
            lambda p: when_number(
                p("answers"), arithmetic.standard_error(*point(p), f"${get_column_letter(_WORKINGS + 1)}{p.row}")
            ),
            lambda k: shown(adjusted.standard_error if (adjusted := k.adjusted) is not None else None),
            FINE,
        ),
        *_clustered_fields(layout),
    ]


def _clustered_fields(layout: Layout | None) -> list[Field[SegmentFigures]]:
    """Return the interval if the segment's partners stand for others; without a layout the keys alone count."""

    def counted(p: Place, head: str) -> str:
        return _counted(layout, head)(p) if layout is not None else ""

    def spread(p: Place) -> str:
        mean, sizes = f"({p('nps')}/100)", counted(p, "Sum of n squared")
        sums = f"{counted(p, 'Sum of a squared')}-2*{mean}*{counted(p, 'Sum of a n')}+{mean}^2*{sizes}"
        return when_number(p("nps"), f'IF(({sums})>1E-13*{sizes},{sums},"{DASH}")')

    def error(p: Place) -> str:
        partners = _working(p, "partners")
        root = f"100*SQRT({partners}/({partners}-1)*{_working(p, 'spread')})/{p('answers')}"
        return f'IF(AND({partners}>1,ISNUMBER({_working(p, "spread")})),{root},"{DASH}")'

    def end(p: Place, sign: str) -> str:
        reach = f"TINV(1-{CONFIDENCE},{_working(p, 'partners')}-1)*{_working(p, 'others_error')}"
        bound = f"MAX(-100,{p('nps')}-{reach})" if sign == "-" else f"MIN(100,{p('nps')}+{reach})"
        return when_number(_working(p, "others_error"), bound)

    def value(k: SegmentFigures, of: Callable[[Clustered], float]) -> Value:
        return of(found) if (found := k.clustered) is not None else DASH

    def spread_value(k: SegmentFigures) -> Value:
        return shown((k.clusters.spread or None) if k.clusters is not None else None)

    return [
        Field(
            "partners",
            translate("Partners"),
            lambda p: counted(p, "Partners"),
            lambda k: k.clusters.partners if k.clusters is not None else 0,
        ),
        Field("spread", translate("Their distances, squared"), spread, spread_value, FINE),
        Field(
            "others_error",
            translate("Error, clustered"),
            error,
            lambda k: value(k, lambda found: found.standard_error),
            FINE,
        ),
        Field(
            "others_low",
            translate("Low, if they stand for others"),
            lambda p: end(p, "-"),
            lambda k: value(k, lambda found: found.interval.low),
            SCORE,
        ),
        Field(
            "others_high",
            translate("High, if they stand for others"),
            lambda p: end(p, "+"),
            lambda k: value(k, lambda found: found.interval.high),
            SCORE,
        ),
    ]


def _workings(context: SheetContext, sheet: SheetModel, row: int, entry: Entry[SegmentFigures]) -> None:
    """Write the steps right of what is printed."""
    place = Place(letters_of(_fields(context.layout)), row, entry.number)
    for column, field in enumerate(_workings_fields(context.layout), _WORKINGS):
        live = Live(f"={field.formula(place)}", field.value(entry.known))
        context.model.put(sheet, (row, column), live, ROW_NUMBER.but(number=field.number, colour=MUTED))


def _total_fields(context: SheetContext) -> list[Field[SheetContext]]:
    """Return the columns of all answers: the figures of the chosen period, as they stand on Data."""
    whole = 100.0 if context.current.line.scores.responses else DASH
    return [
        chosen_field(context, "answers", COUNT),
        Field("share", "", lambda p: arithmetic.share(p("answers"), p("answers")), lambda _: whole, SHARE),
        *(chosen_field(context, band, COUNT) for band in BANDS),
        *share_fields(lambda k: k.current.line.scores),
        chosen_field(context, "nps", SCORE),
        chosen_field(context, "nps_low", SCORE),
        chosen_field(context, "nps_high", SCORE),
        *(Field(key, "", lambda _: "", lambda _: None) for key in ("pull", "note")),
    ]


def share_fields(tally: Callable[[K], ScoreTally | None]) -> list[Field[K]]:
    """Return the columns of each band's share of the answers, which add up to 100."""

    def share(place: int, band: str) -> Field[K]:
        def value(k: K) -> Value:
            scores = tally(k)
            return shares_of(scores)[place] if scores is not None and scores.responses else DASH

        def formula(p: Place) -> str:
            return arithmetic.whole_share(place, tuple(map(p, BANDS)), p("answers"))

        return Field(f"{band}_share", f"{translate(BAND_HEADS[band])}\n%", formula, value, SHARE)

    return [share(place, band) for place, band in enumerate(BANDS)]
