"""`partnerkpi nps`: Strategic Partner NPS of survey exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from partnerkpi.cli import options as given

if TYPE_CHECKING:
    from partnerkpi.cli.output import Column
    from partnerkpi.scorecard.result import Question


def nps(
    sources: given.Sources,
    score: given.ScoreColumn = None,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    respondent: Annotated[
        str | None,
        typer.Option("--respondent", metavar="COLUMN", help="The column that tells who answered.", show_default=False),
    ] = None,
    by: given.By = None,
    period: given.Period = None,
    compare: given.Compare = None,
    rolling: Annotated[
        int | None,
        typer.Option(
            "--rolling",
            metavar="PERIODS",
            help="Also pool the answers of each period with those before it, so many in all.",
            show_default=False,
        ),
    ] = None,
    duplicates: Annotated[
        given.DuplicatesRule | None,
        typer.Option(
            "--duplicates",
            help="Which answers of one respondent, about one partner in one period, count. Default: latest.",
            show_default=False,
        ),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option(
            "--population",
            metavar="NUMBER",
            help="How many people could have answered: narrows the interval when they are few.",
            show_default=False,
        ),
    ] = None,
    min_responses: given.MinResponses = None,
    confidence: given.Confidence = None,
    day_first: given.DayFirst = None,
    config: given.Config = None,
    output: given.Format = given.OutputFormat.table,
    set_aside: given.SetAsideFile = None,
    quiet: given.Quiet = False,
) -> None:
    """Compute the Strategic Partner NPS of survey answers, with its 95 % interval.

    NPS = 100 x (promoters 9-10 - detractors 0-6) / answers; blank answers are not counted.

    \b
    Example:
      partnerkpi nps survey.csv --by partner --period quarter
    """
    from partnerkpi.cli.output import between, number, show, whole
    from partnerkpi.cli.session import session
    from partnerkpi.scorecard.nps import nps as compute

    with session(config, quiet=quiet) as run:
        question = run.question(
            by,
            period,
            confidence=confidence,
            min_responses=min_responses,
            duplicates=duplicates,
            population=population,
            day_first=day_first,
            compare=compare,
            rolling=rolling,
        )
        with run.working("Counting answers ..."):
            named = {"score": score, "partner": partner, "date": date, "respondent": respondent}
            table, columns = run.open(sources, "score", named)
            tiers = {name: own["nps"] for name, own in run.config.tier_benchmarks.items()}
            result = compute(table, columns, question, run.config.benchmarks["nps"], tiers)
        show(
            result,
            (
                ("Responses", lambda row: whole(row["responses"])),
                ("Promoters", lambda row: whole(row["promoters"])),
                ("Passives", lambda row: whole(row["passives"])),
                ("Detractors", lambda row: whole(row["detractors"])),
                ("NPS", lambda row: number(row["nps"], sign=True)),
                (f"{question.confidence:.0%} interval", lambda row: between(row["low"], row["high"], sign=True)),
                ("Rating", lambda row: row["rating"] or ""),
                *_rolling_columns(question),
                *_group_columns(question.by),
                *_compared_columns(question),
                ("Note", lambda row: ", ".join(row["flags"])),
            ),
            output,
            quiet=quiet,
            set_aside=set_aside,
        )


def _rolling_columns(question: Question) -> list[Column]:
    from partnerkpi.cli.output import between, number

    if question.rolling is None:
        return []
    return [
        (f"Rolling {question.rolling}", lambda row: number(row["rolling_nps"], sign=True) if row["period"] else ""),
        (
            "Rolling interval",
            lambda row: between(row["rolling_low"], row["rolling_high"], sign=True) if row["period"] else "",
        ),
    ]


def _group_columns(by: Sequence[str]) -> list[Column]:
    from partnerkpi.cli.output import number

    if not by:
        return []
    return [
        ("Of answers %", lambda row: number(row["answer_share"])),
        ("Contribution", lambda row: number(row["contribution"], sign=True)),
    ]


def _compared_columns(question: Question) -> list[Column]:
    from partnerkpi.cli.output import change_columns, number

    if question.compare is None:
        return []
    effects: list[Column] = [
        ("Score effect", lambda row: number(row["score_effect"], sign=True) if row["compared_with"] else ""),
        ("Mix effect", lambda row: number(row["mix_effect"], sign=True) if row["compared_with"] else ""),
    ]
    return [
        ("Compared with", lambda row: row["compared_with"] or ""),
        *change_columns(question.by),
        *(effects if question.by else []),
        ("Answers for 10", lambda row: f"{row['answers_needed']:,}" if row["answers_needed"] is not None else ""),
    ]
