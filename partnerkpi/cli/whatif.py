"""`partnerkpi whatif`: what it would take for a better rating and for the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import leaving_out

if TYPE_CHECKING:
    from partnerkpi.cli.table import Column
    from partnerkpi.kpi.scores import ScoreTally
    from partnerkpi.results.result import SetAside


@leaving_out("attributed")
def whatif(
    sources: Annotated[
        list[str] | None, given.argument("SOURCE", "The files of a scorecard; or none, with --counts.")
    ] = None,
    counts: Annotated[
        str | None,
        given.option(
            "--counts DETRACTORS,PASSIVES,PROMOTERS", "Instead of files: three numbers at hand, such as 8,7,5."
        ),
    ] = None,
    *,
    options: given.CardOptions,
) -> None:
    """Say how many people would have to change their minds for the next rating and for the target, in whole people.

    Takes the files of a scorecard, for all partners together and each of them in the current period; or three numbers.

    \b
    Example:
      partnerkpi whatif --counts 8,7,5
    """
    from partnerkpi.cli.output import show_review
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.scorecard.review.whatif import whatif_of_counts, whatif_review

    if (counts is None) == (not sources and not options.of_kinds):
        raise UsageError("name the files of a scorecard, or three numbers with --counts 8,7,5: one of the two")
    with session(options) as run:
        benchmark = run.config.benchmarks["nps"]
        if counts is not None:
            tally = _tally(counts)
            review = whatif_of_counts(tally, benchmark, counts)
            asides: tuple[SetAside, ...] = ()
            questions: tuple[str, ...] = ()
        else:
            card, asides = run.card(sources, options, counted="answers")
            questions = card.questions
            review = whatif_review(card)
        show_review(
            review,
            _columns(review.facts),
            options,
            rows=asides,
            below=_one_answer(review.rows[0], review.facts),
            questions=questions,
        )


def _tally(text: str) -> ScoreTally:
    """Return the three numbers that an option names; UsageError unless they are three whole numbers."""
    from partnerkpi.errors import UsageError
    from partnerkpi.kpi.scores import ScoreTally
    from partnerkpi.vocabulary import whole_number

    parts = [whole_number(part.strip()) for part in text.split(",")]
    counts = [part for part in parts if part is not None]
    if len(counts) != 3 or len(parts) != 3:
        raise UsageError(
            f"--counts {text!r} is not three whole numbers: write detractors, passives and promoters as 8,7,5"
        )
    return ScoreTally(*counts)


def _columns(about: Mapping[str, Any]) -> list[Column]:
    from partnerkpi.cli.output import number, whole
    from partnerkpi.language.figures import shortest

    def people(aim: str, way: str) -> Callable[[given.Row], str]:
        def text(row: given.Row) -> str:
            if row[f"{aim}_from"] is None:
                return ""
            fewest = row[f"{aim}_{way}"]
            reach = number(row[f"reach_{way}"], 1, sign=True)
            return f"{fewest:,}" if fewest is not None else f"all: {reach}"

        return text

    def following(row: given.Row) -> str:
        return f"{row['next_rating']} from {shortest(row['next_from'])}" if row["next_rating"] else ""

    def three(aim: str, before: str) -> list[Column]:
        ways = ("detractors to passives", "detractors to promoters", "passives to promoters")
        return [(f"{before}: {way}", people(aim, way.replace(" ", "_"))) for way in ways]

    return [
        ("Responses", lambda row: whole(row["responses"])),
        ("NPS", lambda row: number(row["nps"], sign=True)),
        ("Rating", lambda row: row["rating"] or ""),
        ("Next rating", following),
        *three("next", "Next"),
        *three("target", f"Target {shortest(about['target'])}"),
        ("Note", lambda row: ", ".join(row["flags"])),
    ]


def _one_answer(row: given.Row, about: Mapping[str, Any]) -> list[str]:
    """Return what a single answer does to the first row, in words."""
    from partnerkpi.cli.output import number
    from partnerkpi.periods import period_words

    when = f", {period_words(about['period'])}" if about["period"] is not None else ""
    if row["one_band_step"] is None:
        return [f"No answers{when}: no data"]
    one = {name: number(row[f"one_{name}"], 2, sign=True) for name in ("band_step", "more_promoter")}
    less = number(row["one_more_detractor"], 2, sign=True)
    return [
        f"One person of {row['responses']:,}{when}, who moves up one band: {one['band_step']} points; "
        f"one more promoter: {one['more_promoter']}; one more detractor: {less}",
        '"all: x" means that not even all of them are enough: the NPS would be x',
    ]
