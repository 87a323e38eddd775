"""The shape of `partnerkpi.toml`, as pydantic checks it. Each key is described where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of the file: keys that it does not know are errors, and numbers are not read from texts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Name = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class ColumnNames(Section):
    """The column of each role, as it is spelled in the file."""

    score: Name | None = Field(None, description="the 0-10 answer")
    partner: Name | None = Field(None, description="the partner, in every table")
    date: Name | None = Field(None, description="the day of the answer or of the activity")
    respondent: Name | None = Field(None, description="who answered")
    comment: Name | None = Field(None, description="what the respondent wrote")
    invited: Name | None = Field(None, description="yes or no: whether this person was invited")
    activity_type: Name | None = Field(None, description="the kind of advocacy activity")
    customer: Name | None = Field(None, description="the customer or contract")
    retained: Name | None = Field(None, description="yes or no: whether the customer stayed")
    churned: Name | None = Field(None, description="yes or no, the other way round")
    period: Name | None = Field(None, description="the period or renewal date of a customer")
    start_date: Name | None = Field(None, description="since when a customer is one")
    end_date: Name | None = Field(None, description="the last day of a customer, blank while it stays")
    revenue_start: Name | None = Field(None, description="revenue at the start of the period")
    revenue_end: Name | None = Field(None, description="revenue at its end")
    tier: Name | None = Field(None, description="the level of a partner")
    region: Name | None = Field(None, description="the region of a partner")
    owner: Name | None = Field(None, description="the partner manager")
    invited_contacts: Name | None = Field(None, description="contacts invited to each survey")
    annual_value: Name | None = Field(None, description="yearly revenue with a partner")
    joined_date: Name | None = Field(None, description="since when a partner is one")

    def given(self) -> dict[str, str]:
        """Return the roles that the file names a column for."""
        return {role: name for role, name in self.model_dump().items() if name is not None}


class NpsBands(Section):
    """Target and thresholds of the Strategic Partner NPS, -100 to 100."""

    target: Number | None = Field(None, ge=-100, le=100)
    watch: Number | None = Field(None, ge=-100, le=100)
    strong: Number | None = Field(None, ge=-100, le=100)
    exceptional: Number | None = Field(None, ge=-100, le=100)


class ShareBands(Section):
    """Target and thresholds of a share, 0 to 100 per cent."""

    target: Number | None = Field(None, ge=0, le=100)
    watch: Number | None = Field(None, ge=0, le=100)
    strong: Number | None = Field(None, ge=0, le=100)


class Benchmarks(Section):
    """Where each rating begins, and the target."""

    nps: NpsBands = NpsBands()
    advocacy: ShareBands = ShareBands()
    retention: ShareBands = ShareBands()

    def as_thresholds(self) -> Mapping[str, Mapping[str, float]]:
        """Return what the file sets, by KPI."""
        sections = {"nps": self.nps, "advocacy": self.advocacy, "retention": self.retention}
        return {
            kpi: {name: value for name, value in section.model_dump().items() if value is not None}
            for kpi, section in sections.items()
        }


class Weights(Section):
    """How much each KPI weighs in the composite."""

    nps: Number = Field(0.4, ge=0)
    advocacy: Number = Field(0.3, ge=0)
    retention: Number = Field(0.3, ge=0)


class HealthSettings(Section):
    """The composite."""

    weights: Weights = Weights()


class Options(Section):
    """How things are counted."""

    period: Literal["all", "year", "quarter", "month"] | None = None
    duplicates: Literal["latest", "first", "all"] = "latest"
    confidence: Number = Field(0.95, gt=0, lt=1)
    min_responses: int = Field(5, ge=1)
    day_first: bool | None = None


class Settings(Section):
    """The whole file."""

    columns: ColumnNames = ColumnNames()
    benchmarks: Benchmarks = Benchmarks()
    health: HealthSettings = HealthSettings()
    options: Options = Options()


def known_keys(place: Sequence[str]) -> list[str]:
    """Return the keys that are allowed at a place of the file: `["benchmarks"]` gives nps, advocacy, retention."""
    section: type[BaseModel] = Settings
    for step in place:
        kind = section.model_fields[step].annotation
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return []
        section = kind
    return list(section.model_fields)
