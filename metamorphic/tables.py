"""What is changed: tables with a known answer, as texts, and the command that counts them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

Row = tuple[str, ...]
SHARED = Path(__file__).parents[2] / "shared" / "data"
#: Longer tables are cut: what is looked for does not need them, and thousands of files are written.
MOST_ROWS = 700


@dataclass(frozen=True)
class Grid:
    """One table as texts, and what its columns are: `dates` are ISO days, `money` plain numbers, `names` texts.

    No two rows are alike, and no two answers of a person are of the same day: which of them counts depends on their
    order, and whole rows that stand in two files count once.
    """

    stem: str
    header: Row
    rows: tuple[Row, ...]
    score: str | None = None
    dates: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    above: tuple[Row, ...] = ()
    has_totals: bool = False

    @property
    def is_report(self) -> bool:
        """Tell whether there is more than the rows of a table: a title, or totals."""
        return bool(self.above) or self.has_totals

    def place(self, column: str) -> int:
        """Return where a column stands."""
        return self.header.index(column)

    def values(self, column: str) -> list[str]:
        """Return the texts of a column."""
        place = self.place(column)
        return [row[place] for row in self.rows]

    def with_values(self, column: str, values: Sequence[str]) -> Grid:
        """Return the table with other texts in a column."""
        place = self.place(column)
        rows = ((*row[:place], text, *row[place + 1 :]) for row, text in zip(self.rows, values, strict=True))
        return replace(self, rows=tuple(rows))

    def with_column(self, name: str, values: Sequence[str], place: int) -> Grid:
        """Return the table with one column more."""
        rows = ((*row[:place], text, *row[place:]) for row, text in zip(self.rows, values, strict=True))
        return replace(self, header=(*self.header[:place], name, *self.header[place:]), rows=tuple(rows))

    def once(self, *columns: str) -> Grid:
        """Return the table with the first of the rows that have the same values of some columns."""
        places = [self.place(column) for column in columns]
        kept = {tuple(row[place] for place in places): row for row in reversed(self.rows)}
        return replace(self, rows=tuple(reversed(kept.values())))

    def renamed(self, old: str, new: str) -> Grid:
        """Return the table with another name of one column, wherever it is spoken of."""

        def told(name: str) -> str:
            return new if name == old else name

        return replace(
            self,
            header=tuple(map(told, self.header)),
            score=told(self.score) if self.score else None,
            dates=tuple(map(told, self.dates)),
            money=tuple(map(told, self.money)),
            names=tuple(map(told, self.names)),
        )


@dataclass(frozen=True)
class Trial:
    """Tables, and the command that counts them: in its words `{stem}` stands for the files of a table.

    `options` name columns, by the option; `groups` says that rows are compared by partner and period too.
    """

    name: str
    command: tuple[str, ...]
    grids: Mapping[str, Grid]
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # option -> stem and column

    def with_grid(self, grid: Grid) -> Trial:
        """Return the trial with another table in the place of the one of that name."""
        return replace(self, grids={**self.grids, grid.stem: grid})

    def renamed(self, stem: str, old: str, new: str) -> Trial:
        """Return the trial with another name of a column, in the options as well."""
        options = {
            option: (where, new if (where, column) == (stem, old) else column)
            for option, (where, column) in self.options.items()
        }
        return replace(self.with_grid(self.grids[stem].renamed(old, new)), options=options)


Kind = Literal["nps", "advocacy", "retention"]


@cache
def demo() -> tuple[Trial, ...]:
    """Return the trials of the demo's tables, which are always there."""
    from partnerkpi.demo import write_demo_data

    with TemporaryDirectory() as folder:
        write_demo_data(Path(folder))
        grids = {path.stem: _read(path) for path in sorted(Path(folder).glob("*.csv"))}
    partners = replace(grids["partners"], names=("partner", "owner"), dates=("joined_date",), money=("annual_value",))
    answers = replace(grids["responses"], score="score", names=("partner", "region", "product"), dates=("date",))
    answers = answers.with_values("date", [text[:10] for text in answers.values("date")]).once("respondent", "date")
    activities = replace(grids["activities"], names=("partner", "type"), dates=("date",))
    customers = replace(grids["customers"], names=("partner", "region"), money=("revenue_start", "revenue_end"))
    return (
        Trial("demo answers", ("nps", "{responses}", "--by", "partner", "--period", "quarter"), {"responses": answers}),
        Trial(
            "demo activities",
            ("advocacy", "{activities}", "--partners", "{partners}", "--by", "partner", "--period", "year"),
            {"activities": activities, "partners": partners},
        ),
        Trial("demo customers", ("retention", "{customers}", "--period", "quarter"), {"customers": customers}),
    )


@cache
def shared() -> tuple[Trial, ...]:
    """Return the trials of the shared collection; none where it is absent."""
    return tuple(_shared()) if SHARED.is_dir() else ()


def _shared() -> Iterator[Trial]:
    def answers(stem: str, encoding: str = "utf-8", **told: object) -> dict[str, Grid]:
        grid = _read(SHARED / "nps" / f"{stem}.csv", encoding)
        return {stem: replace(grid, **told)}  # type: ignore[arg-type]

    def customers(stem: str, **told: object) -> dict[str, Grid]:
        grid = _read(SHARED / "retention" / f"{stem}.csv", "utf-8-sig")
        return {stem: replace(grid, **told)}  # type: ignore[arg-type]

    cran = answers("cran_NPS_testdata", score="REC", names=("Account", "Region"), dates=("date",))
    yield Trial(
        "cran", ("nps", "{cran_NPS_testdata}", "--period", "quarter"), cran, {"--score": ("cran_NPS_testdata", "REC")}
    )
    garden = answers("garden_retail_nps_fr", "latin-1", score="nps", names=("explication",))
    yield Trial("garden", ("nps", "{garden_retail_nps_fr}"), garden)
    yield Trial(
        "comments",
        ("nps", "{saas_whiteboard_nps_comments}"),
        answers("saas_whiteboard_nps_comments", score="NPS_Score", names=("text",)),
    )
    yield Trial("users", ("nps", "{date_user_score}"), answers("date_user_score", score="Score"))
    employees = answers("employee_nps_pt", "cp1252", score="Resposta", names=("Cargo",))
    yield Trial("employees", ("nps", "{employee_nps_pt}"), employees)
    telco = answers("telco_nps_by_market_region", score="NPS", names=("Region",))
    yield Trial("telco", ("nps", "{telco_nps_by_market_region}"), telco)
    ibm = customers("ibm_telco_churn", names=("Contract",))
    yield Trial("ibm", ("retention", "{ibm_telco_churn}"), ibm)
    accounts = customers("ravenstack_accounts", names=("industry",), money=())
    yield Trial(
        "accounts",
        ("retention", "{ravenstack_accounts}", "--attributed", "{=referral_source}=partner"),
        accounts,
        {
            "--churned": ("ravenstack_accounts", "churn_flag"),
            "=referral_source": ("ravenstack_accounts", "referral_source"),
        },
    )
    lists = _read(SHARED / "partners" / "aws_partners.csv")
    references = _read(SHARED / "partners" / "aws_partner_references.csv")
    yield Trial(
        "references",
        (
            "advocacy",
            "{aws_partner_references}",
            "--partners",
            "{aws_partners}",
            "--from",
            "2022-11-01",
            "--to",
            "2023-10-31",
        ),
        {
            "aws_partner_references": replace(
                references, names=("partner_name", "record_type"), dates=("approval_date",)
            ),
            "aws_partners": replace(lists, names=("partner_name",)),
        },
    )


def _read(path: Path, encoding: str = "utf-8") -> Grid:
    """Return a file as texts, cut where it is long."""
    with path.open(encoding=encoding, newline="") as stream:
        header, *rows = csv.reader(stream)
    named = tuple(name or f"column {number}" for number, name in enumerate(header, 1))
    return Grid(path.stem, named, tuple(dict.fromkeys(map(tuple, rows)))[:MOST_ROWS])
