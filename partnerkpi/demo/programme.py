"""The invented partner programme: eight quarters, 40 partners, and what is true of each before chance comes in.

Every company, person and figure is made up. Some names are awkward on purpose (an ampersand, an umlaut, an apostrophe,
a comma, a name longer than a sheet name may be), because real partner lists are.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from partnerkpi.dataclass import dataclass


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter, with its place (0..7) in the example data."""

    index: int
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The last day."""
        after = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, 3 * self.number + 1, 1)
        return after - timedelta(days=1)

    def workday(self, offset: int) -> date:
        """Return the day that many days after the start; at a weekend the next working day, within the quarter."""
        day = min(self.start + timedelta(days=offset), self.end)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        while day > self.end or day.weekday() >= 5:
            day -= timedelta(days=1)
        return day


QUARTERS = tuple(Quarter(i, 2024 + (i + 3) // 4, (i + 3) % 4 + 1) for i in range(8))
QUARTERS_PER_YEAR = 4


AMER, EMEA, APAC, DACH = "Americas", "EMEA", "APAC", "DACH"
REGIONS = (AMER, EMEA, APAC, DACH)

INES, CALLUM, MAREN, TOMAS, LIESEL, KENJI = (
    "Ines Halloran", "Callum Reyes-Whitlock", "Maren Oduya", "Tomás Brandvik", "Liesel Tannert", "Kenji Wardlow",
)  # fmt: skip

# What the whole programme gained since the first quarter, in NPS points. With the stories below, which nearly cancel
# out, it takes the programme from about 35 to about 46.
PROGRAMME_GAIN = (0, 1, 3, 5, 6, 8, 10, 13)

# The share of a partner's customers that renew, unless its story says otherwise. Above the direct customers' share
# (customers.py), so that the partners' lift is there to be found.
USUAL_RENEWAL = 0.90

NO_CHANGE = (0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Story:
    """What happens to one partner beyond the programme's own trend."""

    change: tuple[int, ...] = NO_CHANGE  # NPS points on top of its level, one for each of the eight quarters
    theme: str | None = None  # what its respondents then write about
    renewal: float = USUAL_RENEWAL  # the true share of its customers that renew
    silent_from: int | None = None  # index of the quarter from which nobody answers; 0 = never heard from


PLAIN = Story()
# Three that fell in the last two quarters: in two steps, mostly at once, and off a cliff in the last quarter.
SUPPORT_FAILED = Story((0, 0, 0, 0, 0, 0, -38, -72), "support")
BONUS_LATE = Story((0, 0, 0, 0, 0, 0, -58, -74), "payments")
MARGIN_CUT = Story((0, 0, 0, 0, 0, 0, -8, -78), "pricing", renewal=0.60)
# Three that rose, in the same three ways.
TRAINED_UP = Story((0, 0, 0, 0, 0, 0, 34, 58), "training")
DEALS_PROTECTED = Story((0, 0, 0, 0, 0, 0, 50, 62), "deal_registration")
NEW_PORTAL = Story((0, 0, 0, 0, 0, 0, 10, 64), "portal")
# Liked by those who answer, and yet its customers leave: the one that a good NPS hides.
CUSTOMERS_LEAVE = Story(renewal=0.66)
WENT_QUIET = Story(silent_from=7)
NEVER_HEARD = Story(silent_from=0)


@dataclass(frozen=True)
class Partner:
    """One partner as the partner list has it; from `level` on, the truth behind the rows, which no file tells."""

    tier: str
    name: str
    region: str
    owner: str
    invited: int  # contacts invited to each quarter's survey
    annual_value: int  # business a year, in whole units of one currency
    joined: str  # ISO date
    level: int  # true NPS in the first quarter
    answering: float  # share of the invited contacts that answer
    advocacy: float  # advocacy activities expected a quarter
    story: Story = PLAIN
    language: str = "en"  # the language, besides English, that its people write in

    def was_partner_in(self, quarter: Quarter) -> bool:
        """Return True when the partner had joined before the quarter began."""
        return date.fromisoformat(self.joined) <= quarter.start

    def answers_in(self, quarter: Quarter) -> bool:
        """Return True when anybody of this partner answers that quarter's survey."""
        silent = self.story.silent_from
        return self.was_partner_in(quarter) and (silent is None or quarter.index < silent)

    def nps_in(self, quarter: Quarter) -> int:
        """Return the true NPS of that quarter: the level, the programme's gain and the partner's own story.

        A partner with level 46 and the story SUPPORT_FAILED stands at 46 + 13 - 72 = -13 in 2026-Q3.
        """
        return self.level + PROGRAMME_GAIN[quarter.index] + self.story.change[quarter.index]


strategic, growth, registered = (partial(Partner, tier) for tier in ("Strategic", "Growth", "Registered"))

# fmt: off
PARTNERS = (
    strategic("Northquill Systems",      AMER, INES,   112, 2_860_000, "2017-03-06", 52, .45, 13.0),
    strategic("Halden, Brook & Sons",    EMEA, MAREN,  104, 2_240_000, "2016-09-12", 36, .41, 4.5),
    strategic("Lünebrook Systemhaus",    DACH, LIESEL,  98, 2_515_000, "2018-01-22", 45, .47, 9.0, language="de"),
    strategic("Kestrelane Consulting",   AMER, CALLUM,  94, 1_985_000, "2018-05-14", 46, .47, 3.2, SUPPORT_FAILED),
    strategic("Sorivaux Conseil",        EMEA, TOMAS,   90, 1_730_000, "2019-02-04",  6, .47, 2.6, TRAINED_UP, "fr"),
    strategic("Tidewarren Cloud",        APAC, KENJI,   84, 1_640_000, "2019-06-17", 29, .43, 2.2),
    strategic("Vantorrel Digital",       EMEA, TOMAS,   80, 1_495_000, "2018-11-05", 38, .42, 4.2, language="es"),
    strategic("Marrowgate Partners",     AMER, INES,    92, 1_910_000, "2017-10-30", 48, .44, 2.4, CUSTOMERS_LEAVE),
    growth("Tarn & Vale Advisory",       EMEA, MAREN,   46,   905_000, "2019-09-23", 60, .49, 8.5),
    growth("O'Marrick Technology",       EMEA, MAREN,   40,   640_000, "2020-02-17", 25, .38, 1.4),
    growth("Brindlewick Data",           AMER, CALLUM,  76,   880_000, "2020-06-08",  0, .49, 1.8, DEALS_PROTECTED),
    growth("Copperfinch Solutions",      AMER, INES,    44,   720_000, "2019-11-25", 49, .46, 5.5),
    growth("Ostermoor Beratung",         DACH, LIESEL,  78,   930_000, "2020-01-13", 42, .49, 2.0, BONUS_LATE, "de"),
    growth("Grauwald Datentechnik",      DACH, LIESEL,  38,   515_000, "2020-10-05", 31, .42, 1.5, language="de"),
    growth("Pellucid Harbour",           APAC, KENJI,   36,   480_000, "2021-03-01", 34, .40, 1.7),
    growth("Wrenfield Analytics",        APAC, KENJI,   74,   860_000, "2019-08-19", 44, .49, 1.6, MARGIN_CUT),
    growth("Cuatro Sendas Técnica",      EMEA, TOMAS,   40,   545_000, "2020-04-20", 37, .43, 2.3, language="es"),
    growth("Lumivère Numérique",         EMEA, TOMAS,   34,   430_000, "2021-05-31", 20, .39, 0.9, language="fr"),
    growth("Juneberry Yard Software",    AMER, CALLUM,  42,   585_000, "2020-08-24", 55, .48, 3.4),
    growth("Ravelmoor IT",               EMEA, MAREN,   30,   365_000, "2021-09-13", 16, .35, 0.5, WENT_QUIET),
    growth("Sundial Kappa",              AMER, INES,    36,   450_000, "2021-01-18", 32, .41, 1.3),
    growth("Quaymark Integrators",       APAC, KENJI,   72,   790_000, "2020-03-16",  2, .49, 1.9, NEW_PORTAL),
    registered("The Greater Meridian Association of Business Technology Advisers",
                                         APAC, KENJI,   24,   148_000, "2021-11-08", 28, .39, 1.1),
    registered("Fennick Byte",           AMER, CALLUM,   4,    22_000, "2022-05-09", 33, .37, 0.2),
    registered("Holloway Thrush",        EMEA, MAREN,   20,   118_000, "2021-08-02", 39, .42, 1.0),
    registered("Dornwinkel EDV",         DACH, LIESEL,   5,    31_000, "2022-09-19", 18, .35, 0.0, language="de"),
    registered("Stellenhof Informatik",  DACH, LIESEL,  18,    96_000, "2022-02-14", 56, .47, 1.2, language="de"),
    registered("Bexley Moss Computing",  EMEA, MAREN,   16,    74_000, "2022-06-27", -8, .37, 0.3),
    registered("Atelier Brumevent",      EMEA, TOMAS,   14,    69_000, "2022-10-10", 42, .41, 0.8, language="fr"),
    registered("Río Tordo Sistemas",     AMER, CALLUM,  22,   132_000, "2021-07-05", 46, .44, 1.4, language="es"),
    registered("Canyon Plover Tech",     AMER, INES,    18,    88_000, "2022-03-28", 10, .38, 0.4),
    registered("Larkspur Ninepin",       AMER, INES,    16,    81_000, "2023-01-09", 31, .40, 0.6),
    registered("Yarrow & Pike",          EMEA, MAREN,   12,    47_000, "2026-01-19", 38, .47, 0.7),
    registered("Tamarind Loop",          APAC, KENJI,   15,    64_000, "2025-04-14", 26, .43, 0.8),
    registered("Kumorei Works",          APAC, KENJI,   20,   109_000, "2022-08-15", 64, .49, 2.1),
    registered("Saltmarsh Ledger Services", EMEA, TOMAS,   18,    58_000, "2022-04-11", 18, .00, 0.0, NEVER_HEARD),
    registered("Ember Sparrow IT",       AMER, CALLUM,  14,    52_000, "2025-08-25", 22, .41, 0.3),
    registered("Oakenferry Relay",       EMEA, MAREN,   16,    77_000, "2023-05-22",  3, .36, 0.2),
    registered("Brightmere Spindle",     APAC, KENJI,   14,    61_000, "2023-09-04", 35, .40, 0.5),
    registered("Zephyrine Quarry",       AMER, INES,    12,    43_000, "2024-02-26", 50, .42, 0.6),
)
# fmt: on
