"""`partnerkpi nps`: Strategic Partner NPS of survey exports."""

from __future__ import annotations

from typing import Annotated

import typer

from partnerkpi.cli import options as given


def nps(
    sources: given.Sources,
    score: Annotated[
        str | None,
        typer.Option("--score", metavar="COLUMN", help="The column with the answers from 0 to 10.", show_default=False),
    ] = None,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    respondent: Annotated[
        str | None,
        typer.Option("--respondent", metavar="COLUMN", help="The column that tells who answered.", show_default=False),
    ] = None,
    by: given.By = None,
    period: given.Period = None,
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
    tool: given.SurveyTool = None,
    scale: given.ScaleName = None,
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

    with session(config, quiet=quiet, tool=tool, scale=scale) as run:
        question = run.question(
            by,
            period,
            confidence=confidence,
            min_responses=min_responses,
            duplicates=duplicates,
            population=population,
            day_first=day_first,
        )
        with run.working("Counting answers ..."):
            named = {"score": score, "partner": partner, "date": date, "respondent": respondent}
            table, columns = run.open(sources, "score", named)
            result = compute(table, columns, question, run.config.benchmarks["nps"])
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
                ("Note", lambda row: ", ".join(row["flags"])),
            ),
            output,
            quiet=quiet,
            set_aside=set_aside,
        )
