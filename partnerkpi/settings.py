"""The shape of `partnerkpi.toml`, as pydantic checks it. Each key is described where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """A table of the file: keys that it does not know are errors, and numbers are not read from texts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Name = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Periods = Annotated[int, Field(ge=1)]


class ColumnNames(Section):
    """The column of each role, as it is spelled in the file."""

    score: Name | None = Field(None, description="the 0-10 answer")
    frequency: Name | None = Field(
        None, description="how many gave the answer, in a table of numbers of answers; or across, or none"
    )
    partner: Name | None = Field(None, description="the partner, in every table")
    date: Name | None = Field(None, description="the day of the answer or of the activity")
    respondent: Name | None = Field(None, description="who answered")
    comment: Name | None = Field(None, description="what the respondent wrote")
    invited: Name | None = Field(None, description="yes or no: whether this person was invited")
    activity_type: Name | None = Field(None, description="the kind of advocacy activity")
    activity_value: Name | None = Field(None, description="what an activity is worth, such as the deal of a referral")
    customer: Name | None = Field(None, description="the customer or contract")
    retained: Name | None = Field(None, description="yes or no: whether the customer stayed")
    churned: Name | None = Field(None, description="yes or no, the other way round")
    status: Name | None = Field(None, description="how a customer is: active, past due, churned ...")
    contract: Name | None = Field(None, description="the contract or subscription of a customer that has several")
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
    target: Name | None = Field(None, description="the NPS that a partner is to reach")
    target_date: Name | None = Field(None, description="by when it is to reach it")
    joined_date: Name | None = Field(None, description="since when a partner is one; none: no column says it")
    left_date: Name | None = Field(
        None, description="the last day of a partner, blank while it stays; none: no column says it"
    )

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


class TierBenchmarks(Section):
    """Where each rating begins, and the target, of one KPI after the other."""

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


class Benchmarks(TierBenchmarks):
    """The benchmarks of everybody, and of the tiers that have their own."""

    tiers: Mapping[Name, TierBenchmarks] = Field(
        default_factory=dict, description="benchmarks of one tier, such as [benchmarks.tiers.Gold.nps]"
    )


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

    period: Literal["all", "year", "quarter", "month", "week"] | None = Field(None, description="what a period is")
    fiscal_year_start: int = Field(1, ge=1, le=12, description="the month in which the year begins: 4 is April")
    duplicates: Literal["latest", "first", "all"] = Field(
        "latest", description="which answer of a person in one survey wave counts"
    )
    wave: Literal["month", "quarter", "year", "none"] = Field(
        "quarter", description="how long a survey wave is; none: all answers are of one"
    )
    confidence: Number = Field(0.95, gt=0, lt=1, description="of every interval and every statement")
    min_responses: int = Field(
        5, ge=1, description="fewer answers than this are shown with a caution, neither rated nor ranked"
    )
    day_first: bool | None = Field(None, description="3/4/2026 is 3 April (true) or March 4 (false)")
    dimensions: list[Name] = Field(
        default_factory=list, description="columns of the answers that make segments, such as product"
    )
    rolling: int = Field(4, ge=1, description="how many periods a rolling NPS pools")
    encoding: Name | None = Field(None, description="of text files that are not UTF-8, such as cp1250 or shift_jis")
    partner_names: Name | None = Field(None, description="a CSV file that says which spellings are one partner")
    shield_csv: bool = Field(
        True, description="an apostrophe before texts in CSV output that a spreadsheet program would run as a formula"
    )
    language: Literal["en", "de", "fr", "es"] = Field("en", description="of the labels in workbooks and mails")


class Retention(Section):
    """What is said of customers by the words and dates of their contracts."""

    retained_words: list[Name] = Field(
        default_factory=list, description='words of a status that say "still there", such as paused; "blank" is nothing'
    )
    lost_words: list[Name] = Field(default_factory=list, description='words of a status that say "gone"')
    grace_days: int = Field(
        1, ge=0, description="a contract that begins so many days after the last one ended goes on with it"
    )
    min_customers: int = Field(
        5, ge=1, description="a partner with fewer customers is neither shown to be above all others nor below them"
    )


class Numbers(Section):
    """How amounts are written, where a column alone does not tell."""

    decimal: Literal["point", "comma"] | None = Field(
        None, description="what stands before decimals: 1.200 is twelve hundred (comma) or one and a fifth (point)"
    )


class Alerts(Section):
    """When the scorecard raises its hand; a rule is switched off with false."""

    below_investigate: bool = Field(True, description="an NPS that is shown to be below the investigate threshold")
    fallen: bool = Field(True, description="a KPI that is shown to have fallen")
    response_rate_floor: Percent | Literal[False] = Field(
        20.0, description="per cent of the invited people; false: no such alert"
    )
    silent_periods: Periods | Literal[False] = Field(2, description="periods in a row without an answer")
    advocacy_stopped_periods: Periods | Literal[False] = Field(
        2, description="periods in a row without activity, of a partner that was active before"
    )
    retention_below_overall: bool = Field(
        True, description="a partner whose customers are shown to leave more often than all others"
    )
    target_not_on_track: bool = Field(True, description="a target with a date that is missed, or out of reach by then")


class Target(Section):
    """A figure to reach: of one partner, of a tier together, or of everybody."""

    partner: Name | None = Field(None, description="the partner whose NPS it is")
    tier: Name | None = Field(None, description="the tier whose answers together, or whose partners, it is about")
    kpi: Literal["nps", "advocacy"] = Field("nps", description="advocacy: the share of active advocates in per cent")
    target: Number = Field(ge=-100, le=100, description="what is to be reached")
    by: Name | None = Field(None, description="by when: 2026-12-31")


class Actions(Section):
    """Who is called, and by when; working days after the as-of day."""

    detractor_days: int = Field(2, ge=0, description="to answer a detractor")
    lost_promoter_days: int = Field(5, ge=0, description="to ask a promoter who is none any more")
    lost_advocate_days: int = Field(10, ge=0, description="to ask a partner whose advocacy stopped")
    holidays: list[Name] = Field(default_factory=list, description="days that are no working days: 2026-12-25")


class Plan(Section):
    """What the next survey is to show, and how long people are left alone after one."""

    points: Number = Field(10.0, gt=0, le=100, description="the interval of an NPS that is wanted, to either side")
    change: Number = Field(20.0, gt=0, le=200, description="the change of an NPS that is to be told")
    rest_days: int = Field(60, ge=0, description="nobody is asked again within so many days")


class Comments(Section):
    """What is made of the respondents' own words."""

    default_themes: bool = Field(True, description="use the themes that come with partnerkpi")
    min_group: int = Field(5, ge=1, description="quotes and splits of fewer answers than this are not shown")
    quotes: int = Field(3, ge=0, description="quotes shown for a theme")
    pack_quotes: int = Field(
        0, ge=0, description="quotes of its own people in a partner's workbook; only if they were told"
    )


class Reward(Section):
    """One level of incentive: it begins at a retention rate in per cent."""

    name: Name = Field(description="what the level is called")
    retention_from: Number = Field(ge=0, le=100, description="the retention rate at which it begins")
    min_customers: int = Field(0, ge=0, description="fewer customers than this do not reach it")
    shown_above_overall: bool = Field(False, description="only if the rate is shown to be above that of the others")


class Brand(Section):
    """The look of workbooks and mails."""

    name: Name | None = Field(None, description="the name that stands in the footer")
    accent: Annotated[str, Field(pattern="^#?[0-9A-Fa-f]{6}$")] = Field(
        "2B5C8A", description="one colour for all that is not a rating"
    )
    ink: Annotated[str, Field(pattern="^#?[0-9A-Fa-f]{6}$")] = Field("1B2A41", description="texts and table heads")
    font: Name = Field("Calibri", description="one family for everything")
    logo: Name | None = Field(None, description="a PNG or JPEG file, beside this file or with its path")
    footer: Name = Field("Confidential", description="what stands at the foot of each printed page")
    paper: Literal["a4", "letter"] = Field("a4", description="what workbooks are printed on: A4 or US Letter")


class Mail(Section):
    """How `partnerkpi mail` sends. Passwords never stand here."""

    server: Name | None = Field(None, description="the SMTP server")
    port: int | None = Field(None, ge=1, le=65535, description="587 with STARTTLS, 465 with TLS if left out")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="none is refused beyond this machine")
    sender: Name | None = Field(None, description="the address that mails come from")
    reply_to: Name | None = Field(None, description="the address that answers go to")
    user: Name | None = Field(None, description="the login; its password comes from the keyring or the environment")
    token_command: Name | None = Field(None, description="a command that prints an XOAUTH2 token")
    domains: list[Name] = Field(default_factory=list, description="the only domains that may be written to")
    max_megabytes: Number = Field(10.0, gt=0, description="larger workbooks are not sent")
    timeout: Number = Field(30.0, gt=0, description="seconds to wait for the server")
    log: Name = Field("partnerkpi-mail.sqlite", description="what was sent to whom, beside this file")
    template: Name | None = Field(None, description="a mail template of your own, beside this file")


class Sign(Section):
    """Whose signature workbooks carry. A passphrase never stands here."""

    key: Name | None = Field(None, description="a private key as 'ssh-keygen -t ed25519' makes it, beside this file")


Several = Annotated[list[Name], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


class Sources(Section):
    """The files that `partnerkpi run` reads, and other commands that are given none, as seen from the settings file."""

    files: Several = Field(default_factory=list, description="files that are told by their columns")
    responses: Several = Field(default_factory=list, description="files that hold answers")
    activities: Several = Field(default_factory=list, description="files that hold partners' activities")
    customers: Several = Field(default_factory=list, description="files that hold customers")
    partners: Several = Field(default_factory=list, description="files that list the partners")
    attributed: Name | None = Field(None, description="which customers came with a partner: COLUMN=VALUE[,VALUE]")
    question: Name | None = Field(None, description="the question whose answers count, where rows name their question")
    tool: Name | None = Field(None, description="the survey tool that answers come from, where it is not recognised")
    scale: Name | None = Field(None, description="the scale of the scores, if not 0-10")


class Job(Section):
    """What `partnerkpi run` makes; in names {period} and {as_of}, the last day of the data, are filled in."""

    workbook: Name = Field("scorecard-{as_of}.xlsx", description="the workbook; one that is there is never replaced")
    title: Name = Field("Partner scorecard", description="the heading of the first page")
    where: Several = Field(default_factory=list, description="a part of the data: conditions such as region=EMEA")
    first_day: Name | None = Field(None, description="the first day that counts: 2025-01-01; without it the first one")
    sheets: Literal["all", "with-data"] = Field("all", description="all sheets, or those that have data")
    packs: Name | None = Field(None, description="a folder for one workbook a partner; without it there are none")
    drafts: Name | None = Field(None, description="a folder for drafts of mails; without it there are none")
    recipients: Name | None = Field(None, description="the table of people for whom drafts are")
    keep: Name = Field("runs", description="the folder that remembers each run, for the next one to compare")


class Limit(Section):
    """From where on a rule of quality warns, and from where on it stops the run."""

    warn: Number | None = None
    fail: Number | None = None


class Quality(Section):
    """What the data of a run must be like."""

    ids: Mapping[Literal["responses", "activities", "customers", "partners"], Name] = Field(
        default_factory=dict, description="by kind of table: one more column of ids"
    )
    duplicate_ids: Limit = Field(Limit(warn=0), description="more rows than this whose id another row has")
    unknown_partners: Limit = Field(Limit(warn=0), description="more rows than this of partners not on the list")
    set_aside: Limit = Field(Limit(warn=10), description="more than so many per cent of a kind's rows set aside")
    age_days: Limit = Field(Limit(), description="the last day of the data is more days ago than this")
    response_rate: Limit = Field(Limit(warn=20), description="fewer than so many per cent of the invited answered")


class Limits(Section):
    """What a file from outside may cost before reading it is stopped."""

    megabytes: int = Field(2048, ge=128, description="memory")
    seconds: int = Field(300, ge=5, description="time")
    rows: int = Field(5_000_000, ge=1, description="rows of a workbook's sheet")
    sheets: int = Field(256, ge=1, description="sheets of a workbook of which none is named")
    text: int = Field(64, ge=1, description="megabytes of text in the cells of a workbook, beside 20 times its size")
    partners: int = Field(30_000, ge=1, description="partners of a scorecard")


class Settings(Section):
    """The whole file."""

    columns: ColumnNames = ColumnNames()
    benchmarks: Benchmarks = Benchmarks()
    health: HealthSettings = HealthSettings()
    options: Options = Options()
    retention: Retention = Retention()
    numbers: Numbers = Numbers()
    alerts: Alerts = Alerts()
    actions: Actions = Actions()
    owners: Mapping[Name, Name] = Field(default_factory=dict, description="who looks after a partner: partner = person")
    plan: Plan = Plan()
    comments: Comments = Comments()
    themes: Mapping[Name, list[Name]] = Field(
        default_factory=dict, description="your own themes: a name and the words that belong to it"
    )
    targets: list[Target] = Field(default_factory=list, description="what partners, tiers and everybody are to reach")
    rewards: list[Reward] = Field(default_factory=list, description="the levels of the partners' incentives")
    brand: Brand = Brand()
    sources: Sources = Sources()
    run: Job = Job()
    quality: Quality = Quality()
    sign: Sign = Sign()
    mail: Mail = Mail()
    limits: Limits = Limits()


def known_keys(place: Sequence[str]) -> list[str]:
    """Return the keys that are allowed at a place of the file: `["health"]` gives weights."""
    kind: Any = Settings
    for step in place:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[step].annotation
        else:  # a name of the user's own, or the number of an entry
            kind = get_args(kind)[-1] if get_args(kind) else None
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []
