"""`partnerkpi nps`: Strategic Partner NPS of survey exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli import options as given

if TYPE_CHECKING:
    from partnerkpi.cli.table import Column
    from partnerkpi.results.result import KpiResult, Question


def nps(
    sources: given.Sources,
    score: given.ScoreColumn = None,
    asked: given.QuestionText = None,
    frequency: given.FrequencyColumn = None,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    respondent: Annotated[
        str | None, given.option("--respondent COLUMN", "The column that tells who answered.")
    ] = None,
    comment: Annotated[str | None, given.option("--comment COLUMN", "The column with what people wrote.")] = None,
    themes: Annotated[
        bool,
        given.option("--themes", "Also say what the comments are about, and which words set detractors apart."),
    ] = False,
    *,
    grouping: given.NpsGrouping,
    window: given.Window,
    rolling: Annotated[
        int | None,
        given.option("--rolling PERIODS", "Also pool the answers of each period with those before it, so many in all."),
    ] = None,
    duplicates: Annotated[
        given.DuplicatesRule | None,
        given.option(
            "--duplicates",
            "Which answers of one respondent, about one partner in one survey wave, count. Default: latest.",
        ),
    ] = None,
    population: Annotated[
        int | None,
        given.option(
            "--population NUMBER", "How many people could have answered: narrows the interval when they are few."
        ),
    ] = None,
    min_responses: given.MinResponses = None,
    confidence: given.Confidence = None,
    day_first: given.DayFirst = None,
    tool: given.SurveyTool = None,
    scale: given.ScaleName = None,
    common: given.Common,
) -> None:
    """Compute the Strategic Partner NPS of survey answers, with its 95 % interval.

    NPS = 100 x (promoters 9-10 - detractors 0-6) / answers; blank answers are not counted.

    \b
    Example:
      partnerkpi nps survey.csv --by partner --period quarter
      partnerkpi nps survey.csv --themes
    """
    from partnerkpi.cli.output import between, interval_of, number, show, whole
    from partnerkpi.cli.session import session
    from partnerkpi.results.arranged import arranged
    from partnerkpi.results.choosing import chosen
    from partnerkpi.results.kinds import RESPONSES
    from partnerkpi.results.nps import count_answers, nps_of
    from partnerkpi.results.result import TieredBenchmark

    with session(common, tool=tool, scale=scale, question=asked) as run:
        question = run.question(
            grouping,
            window=window,
            rolling=rolling,
            population=population,
            confidence=confidence,
            min_responses=min_responses,
            duplicates=duplicates,
            day_first=day_first,
        )
        with run.working("Counting answers ..."):
            named = {"score": score, "partner": partner, "date": date, "respondent": respondent, "comment": comment}
            named["frequency"] = frequency
            table, columns = run.open(sources, RESPONSES, named)
            table = chosen(table, columns, grouping.where or (), question.day_first)
            if themes:
                columns.required("comment")  # said before anything is counted
            counted = count_answers(table, columns, question)
            result = nps_of(counted, question, TieredBenchmark.of(run.config, "nps"))
        more = None
        if themes:
            from partnerkpi.cli.comments import with_themes

            with run.working("Reading comments ..."):
                result, more = with_themes(result, counted, question, run.config)
        show(
            arranged(result, grouping.sort, grouping.top),
            (
                ("Responses", lambda row: whole(row["responses"])),
                ("Promoters", lambda row: whole(row["promoters"])),
                ("Passives", lambda row: whole(row["passives"])),
                ("Detractors", lambda row: whole(row["detractors"])),
                ("NPS", lambda row: number(row["nps"], sign=True)),
                (interval_of(question.confidence), lambda row: between(row["low"], row["high"], sign=True)),
                *_clustered_columns(result),
                ("Rating", lambda row: row["rating"] or ""),
                *_rolling_columns(question),
                *_group_columns(question.by),
                *_compared_columns(question),
                ("Note", lambda row: ", ".join(row["flags"])),
            ),
            common,
            more=more,
        )


def _clustered_columns(result: KpiResult) -> list[Column]:
    """Return the interval if these partners stand for others, where partners are known."""
    from partnerkpi.cli.output import between

    if all(row["clusters"] is None for row in result.rows):
        return []
    return [
        (
            "Clustered",
            lambda row: between(row["clustered_low"], row["clustered_high"], sign=True) if row["clusters"] else "",
        ),
        ("Design effect", lambda row: f"{row['design_effect']:.1f}" if row["design_effect"] is not None else ""),
    ]


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
        *change_columns(),
        *(effects if question.by else []),
        ("Answers to tell 10", lambda row: f"{row['answers_needed']:,}" if row["answers_needed"] is not None else ""),
    ]
