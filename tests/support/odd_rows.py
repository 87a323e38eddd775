"""Rows of every odd kind, and what they add up to by a second hand: plain Python, written from docs/definitions.md.

Nothing here is taken from the product: neither its words nor its SQL. A rule may be broken on purpose (`wrong`), to see
that a comparison notices.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

Row = Mapping[str, Any]
UTC = dt.UTC

_PARTNERS = (
    "Acme",
    "Beta ",
    "  Gamma",
    "",
    None,
    "O'Neil",
    "Ünal İş",
    "acme",
    "\u00a0Δέλτα",
    "東京商事",
    "Привет",
    "a\\b",
    *("Straße", "Straße", "STRASSE", "(blank)", "unknown"),
)
#: Other spellings of a name, and what stands for none.
_WHOSE = {"acme": "Acme", "STRASSE": "Straße", "(blank)": None, "unknown": None}
_SCORES = (9.0, 10.0, 7.0, 3.0, 8.0, 10.0001, -1.0, math.nan, None, math.inf, -math.inf, 0.0, 6.999999999, 9.5, -0.0)
_TEXTS = (
    *("9", "10", "7", "3", " 8 ", "9,0", "10.0001", "1e1", "-1", "eight", "n/a", "N/A", "", None, "nan", "inf", "0"),
    *("6.999999999", "7.0", "11", "9.5", "٩", "+9", "\u00a07\u3000", "9/10", "--", "9f", "0x9", "8.", ".5"),
)
_COMMENTS = (
    *(
        "Support answers within hours",
        "Das PORTAL ist langsam, Rückruf fehlt!",
        "Marges trop faibles, café",
        None,
        "",
        " ",
    ),
    *("Réponse très lente du support", "n/a", "the portal-login fails", "supporting actors", "ΠΌΡΤΑΛ", "поддержка Ёж"),
    *("Portalen är bra; SUPPORT?", "see www.portal.example for it", "ask help@support.example", "ſupport", "İ portal"),
)
#: Words of two themes, a star for any ending: the settings of the product have the same.
THEMES = {"Portal": ["portal*", "πόρταλ"], "Help": ["support", "rückruf"]}
_NOTHING = {"", "n/a", "nan", "--"}
_LISTED = ("Acme", "Beta", "Gamma", "O'Neil", "Ünal İş", "Δέλτα", "東京商事", "Привет", "a\\b", "Straße", "Silent")


def odd_rows(seed: int = 13) -> dict[str, list[dict[str, Any]]]:
    """Return 20,000 answers, and activities, customers and partners, the same ones each time.

    Two answers of one person are never of the same instant, unless they are the same in all: where rows have no order
    nothing tells which of them is the later one.
    """
    draw = random.Random(seed)
    return {
        "responses": _answers(draw),
        "activities": _activities(draw),
        "customers": _customers(draw),
        "contracts": _contracts(draw),
        "snapshots": _snapshots(random.Random(seed)),
        "partners": [
            {"partner": name, "tier": "Gold" if place % 2 else "Silver"} for place, name in enumerate(_LISTED)
        ],
    }


def _answers(draw: random.Random) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number in range(19_400):
        undated = draw.random() < 0.05
        day = dt.datetime(2024, 12, 30) + dt.timedelta(minutes=draw.randrange(60 * 24 * 700), microseconds=number)
        rows.append(
            {
                "partner": draw.choice(_PARTNERS),
                "respondent": draw.choice([None, "", " "]) if undated else draw.choice([None, " ", *_PEOPLE]),
                "date": None if undated else day,
                "instant": None if undated else day.replace(tzinfo=UTC),
                "nps": draw.choice(_SCORES) if draw.random() < 0.25 else float(draw.randrange(11)),
                "score_text": draw.choice(_TEXTS) if draw.random() < 0.25 else str(draw.randrange(11)),
                "region": draw.choice(["EMEA", " EMEA", "APAC", None, ""]),
                "product": draw.choice(["P1", "P2", None]),
                "comment": draw.choice(_COMMENTS),
            }
        )
    for year, month in ((2025, 1), (2025, 4), (2026, 1)):  # seconds around the ends of periods
        for second in range(-50, 50):
            day = dt.datetime(year, month, 1) + dt.timedelta(seconds=second, microseconds=1)
            extra = {"partner": "Acme", "respondent": f"edge {year} {month} {second}", "date": day, "nps": 9.0}
            rows.append(rows[second + 50] | extra | {"instant": day.replace(tzinfo=UTC), "score_text": "3"})
    rows += [dict(row) for row in draw.sample(rows, 300)]
    draw.shuffle(rows)
    return rows


_PEOPLE: list[str | None] = [f"{name}{number}" for name in ("r", "ü", "Ω ", "山") for number in range(200)]
_PEOPLE += [f" {name}{number}" for name in ("R", "Ü") for number in range(40)]


def _activities(draw: random.Random) -> list[dict[str, Any]]:
    names = ("Acme", "Beta", " Gamma", "", None, "Nobody", "Δέλτα\u00a0", "東京商事", "acme ", "STRASSE", "(blank)")
    days = [None, *(dt.date(2025, 1, 1) + dt.timedelta(days=draw.randrange(700)) for _ in range(60))]
    return [
        {"partner": draw.choice(names), "date": draw.choice(days), "type": draw.choice(("reference", "referral"))}
        for _ in range(2_000)
    ]


def _customers(draw: random.Random) -> list[dict[str, Any]]:
    words = (
        "yes",
        "No",
        " TRUE ",
        "0",
        "1.0",
        "maybe",
        None,
        "churned",
        "Renewed",
        "ja",
        "",
        "at_risk",
        "Résilié\u00a0",
    )
    partners = ("Acme", "direct", "Beta", None, "", "n/a", " Gamma ", "-")
    rows = [
        {
            "customer": draw.choice([None, "", f"c{number}", f"ç{number} "]),
            "period": f"2025-Q{draw.randrange(1, 5)}",
            "retained": draw.choice(words),
            "partner": draw.choice(partners),
        }
        for number in range(2_000)
    ]
    # Some stand there again: with the same words, and with others, of which one that stays decides.
    again = [{**row, "retained": draw.choice(words)} for row in draw.sample(rows, 200)]
    return rows + [dict(row) for row in draw.sample(rows, 200)] + again


def _contracts(draw: random.Random) -> list[dict[str, Any]]:
    """Return contracts: one of a customer, or several beside and after each other, with and without pauses."""
    rows = []
    for number in range(1_500):
        who = f"k{number}" if draw.random() > 0.02 else None
        start = dt.date(2024, 1, 1) + dt.timedelta(days=draw.randrange(500)) if draw.random() > 0.03 else None
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            end = dt.date(2024, 6, 1) + dt.timedelta(days=draw.randrange(700)) if draw.random() < 0.5 else None
            if end is not None and number % 5 == 0:  # with a quarter, so that others begin with one
                end = _later(dt.date(end.year, (end.month - 1) // 3 * 3 + 1, 1)) - dt.timedelta(days=1)
            begun = float(draw.randrange(1, 1_000))
            rows.append(
                {
                    "customer": who,
                    "start_date": start,
                    "end_date": end,
                    "partner": draw.choice(("Acme", None, "Beta", "direct")),
                    "revenue_start": begun if draw.random() > 0.1 else None,
                    "revenue_end": begun + draw.randrange(-200, 200) if draw.random() > 0.1 else None,
                }
            )
            if start is not None:
                pause = draw.choice((0, 1, 1, 2, 40))
                start = (end if end is not None and draw.random() < 0.7 else start) + dt.timedelta(days=pause)
    draw.shuffle(rows)
    return rows


def _snapshots(draw: random.Random) -> list[dict[str, Any]]:
    """Return how customers are in each month of a year: some months are missing, and some stand there twice."""
    words = ("Active", "active", " at_risk", "Past due", "RÉSILIÉ", "churned", "cancelled")
    rows = [
        {"customer": f"m{number}", "month": f"2025-{month:02d}", "state": draw.choice(words), "partner": partner}
        for number in range(200)
        for partner in (draw.choice(("Acme", None, "Beta")),)
        for month in range(draw.randrange(1, 6), 13)
        if draw.random() > 0.1
    ]
    return rows + [dict(row) for row in draw.sample(rows, 50)]


# ---- the second hand


def bare(value: str | None) -> str | None:
    """Return a text without outer blanks, None where nothing is left."""
    return (value or "").strip() or None


def whose(row: Row) -> str | None:
    """Return the partner of a row under the name that it has everywhere, None where it names none."""
    name = bare(row["partner"])
    return _WHOSE.get(name, name) if name is not None else None


def person_in(row: Row) -> str | None:
    """Return the person of a row, whatever the case of the letters."""
    name = bare(row["respondent"])
    return name.lower() if name is not None else None


def quarter(day: dt.date | None, begins: int = 1) -> str | None:
    """Return the quarter of a day, of a year that begins in a month and is called by the year in which it ends."""
    if day is None:
        return None
    months = day.year * 12 + day.month - begins + (12 if begins > 1 else 0)
    return f"{'FY' if begins > 1 else ''}{months // 12}-Q{months % 12 // 3 + 1}"


def number_of(text: str) -> float | None:
    """Return the number of a text with a point or a comma, or of ten ("9/10"), None for any other text."""
    if of_ten := re.fullmatch(r"(10|[0-9])/10", text):
        return float(of_ten[1])
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", text, re.ASCII | re.IGNORECASE):
        return None
    return float(text.replace(",", "."))


def judged(
    rows: Iterable[Row], score: str, duplicates: str, begins: int = 1, wrong: str = "", until: dt.date | None = None
) -> list[dict[str, Any]]:
    """Return each answer with its score, quarter and the reason why it does not count; after a day none does."""
    found = []
    latest: dict[tuple[Any, ...], int] = {}
    for row in rows:
        raw = row[score]
        value = raw if not isinstance(raw, str) else number_of(raw.strip())
        if raw is None or (isinstance(raw, float) and math.isnan(raw)):
            reason: str | None = "blank score"
        elif isinstance(raw, str) and raw.strip().lower() in _NOTHING:
            reason = "blank score"
        elif value is None:
            reason = "text in a score"
        else:
            reason = None if 0 <= value <= 10 else "out of range"
        day = row["date"]
        if wrong == "zone" and day is not None:
            day -= dt.timedelta(hours=5)
        if reason is None and until is not None:
            reason = "no date" if day is None else "date outside the window" if day.date() > until else None
        at = {"score": value, "reason": reason, "quarter": quarter(day, begins), "row": row}
        person = person_in(row)
        if reason is None and person is not None and duplicates != "all":
            key = (person, whose(row) if wrong != "person" else None, at["quarter"])
            if key in latest:
                before = found[latest[key]]
                later = (row["date"] or dt.datetime.min) > (before["row"]["date"] or dt.datetime.min)
                if later is (duplicates == "latest") and wrong != "tie":
                    before["reason"] = "duplicate respondent"
                    latest[key] = len(found)
                else:
                    at["reason"] = "duplicate respondent"
            else:
                latest[key] = len(found)
        found.append(at)
    return found


def band(score: float, wrong: str = "") -> int:
    """Return 0 for a detractor, 1 for a passive, 2 for a promoter."""
    return 0 if score < (6.9 if wrong == "band" else 7) else 1 if score < 9 else 2


def bands_by(answers: Iterable[Mapping[str, Any]], key: Callable[[Row], Any], wrong: str = "") -> dict[Any, list[int]]:
    """Return detractors, passives and promoters by a key and quarter."""
    counts: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for answer in answers:
        if answer["reason"] is None and answer["quarter"] is not None:
            counts[key(answer["row"]), answer["quarter"]][band(answer["score"], wrong)] += 1
    return dict(counts)


def waves(answers: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str | None], list[int]]:
    """Return detractors, passives and promoters of the whole, of each month and of each year."""
    counts: defaultdict[tuple[str, str | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    for answer in answers:
        day = answer["row"]["date"]
        shown = [("all", None), ("month", None), ("year", None)]
        shown += [("month", f"{day:%Y-%m}"), ("year", f"{day:%Y}")] if day is not None else []
        for key in shown if answer["reason"] is None else ():
            counts[key][band(answer["score"])] += 1
    return dict(counts)


def ledger(answers: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many rows are set aside for which reason."""
    return dict(Counter(answer["reason"] for answer in answers if answer["reason"] is not None))


def people(answers: Iterable[Mapping[str, Any]], wrong: str = "") -> dict[str, tuple[int, int]]:
    """Return by quarter how many people answered a partner's question, and how many of them had before."""
    seen: defaultdict[tuple[Any, Any], set[str]] = defaultdict(set)
    for answer in answers:
        person = person_in(answer["row"])
        if answer["reason"] is None and answer["quarter"] is not None and person is not None:
            seen[person, whose(answer["row"])].add(answer["quarter"])
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for quarters in seen.values():
        for one in quarters:
            counts[one][0] += 1
            counts[one][1] += one >= min(quarters) if wrong == "first" else one > min(quarters)
    return {one: (all_, again) for one, (all_, again) in counts.items()}


def pairs(
    answers: Iterable[Mapping[str, Any]],
    group: Callable[[Row], Any],
    backs: Sequence[int],
    letters: int = 7,
    wrong: str = "",
) -> dict[tuple[Any, str, str], tuple[int, int, int]]:
    """Return the persons with one answer in each of two quarters so many apart: number, sum and products.

    By group, to which both answers must belong; of years where so many `letters` of a quarter's name are its year.
    """
    known: defaultdict[tuple[Any, Any], defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        person = person_in(answer["row"])
        if answer["reason"] is None and answer["quarter"] is not None and person is not None:
            found = band(answer["score"]) - 1, group(answer["row"])
            known[person, whose(answer["row"])][answer["quarter"][:letters]].append(found)
    sums: dict[tuple[Any, str, str], tuple[int, int, int]] = {}
    for of, back in product(known.values(), backs):
        for label, given in of.items():
            before = _earlier(label, back)
            if len(of.get(before, ())) != 1 or (len(given) != 1 and wrong != "several"):
                continue
            (first, its), (second, own) = of[before][0], given[0]
            if its == own:
                key = own, before, label
                persons, total, products = sums.get(key, (0, 0, 0))
                sums[key] = persons + 1, total + first + second, products + first * second
    return sums


def _earlier(label: str, back: int) -> str:
    """Return the label so many quarters, or years, before."""
    year, _, part = label.partition("-Q")
    if not part:
        return str(int(year) - back)
    number = int(year) * 4 + int(part) - 1 - back
    return f"{number // 4}-Q{number % 4 + 1}"


def themes(answers: Iterable[Mapping[str, Any]], wrong: str = "") -> dict[tuple[str, str], list[int]]:
    """Return detractors, passives and promoters by theme and quarter."""
    patterns = {name: [_plain(word).replace("*", r"\w*") for word in words] for name, words in THEMES.items()}
    counts = {}
    for answer in answers:
        text = answer["row"]["comment"]
        if answer["reason"] is not None or answer["quarter"] is None or text is None or text.strip() in _NOTHING:
            continue
        plain = _plain(re.sub(r"\S*(@|://|www\.)\S*", " ", text) if wrong != "address" else text)
        for name, words in patterns.items():
            if any(re.search(rf"(?<!\w){word}(?!\w)", plain) for word in words):
                counts.setdefault((name, answer["quarter"]), [0, 0, 0])[band(answer["score"])] += 1
    return counts


def _plain(text: str) -> str:
    """Return a text in lower case without marks upon its letters."""
    low = "".join("i" if letter == "İ" else "σ" if letter == "Σ" else letter.lower() for letter in text)
    return "".join(one for one in unicodedata.normalize("NFD", low) if unicodedata.category(one)[0] != "M")


def activities(rows: Iterable[Row], wrong: str = "") -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Return the activities that count by partner and quarter, and how many do not for which reason."""
    counts: Counter[tuple[str, str]] = Counter()
    aside: Counter[str] = Counter()
    for row in rows:
        name, when = whose(row), quarter(row["date"])
        if name is None:
            aside["no partner"] += 1
        elif name not in _LISTED and wrong != "unknown":
            aside["unknown partner"] += 1
        elif when is None:
            aside["no date"] += 1
        else:
            counts[name, when] += 1
    return dict(counts), dict(aside)


_KEPT = ("yes", "true", "1.0", "renewed", "ja", "at_risk")
_LOST = ("no", "0", "churned", "résilié")


def customers(rows: Iterable[Row], wrong: str = "") -> tuple[dict[tuple[str | None, str], list[int]], dict[str, int]]:
    """Return customers and those retained by partner and quarter, and how many rows do not count for which reason."""
    aside: Counter[str] = Counter()
    said: defaultdict[tuple[str, str], dict[bool, str | None]] = defaultdict(dict)
    for row in rows:
        word = (row["retained"] or "").strip().lower()
        who = bare(row["customer"])
        if word not in _KEPT + _LOST:
            aside["neither yes nor no"] += 1
        elif who is None:
            aside["no customer"] += 1
        elif (word in _KEPT) in said[who, row["period"]] and wrong != "twice":
            aside["duplicate customer"] += 1
        else:
            partner = bare(row["partner"])
            direct = partner is None or partner.lower() in ("direct", "n/a", "-")
            said[who, row["period"]][word in _KEPT] = None if direct else partner
    counts: defaultdict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0])
    for (_, period), found in said.items():
        for number, (kept, partner) in enumerate(found.items()):
            if number == 0 or wrong == "twice":
                counts[partner, period][0] += 1
                counts[partner, period][1] += kept if wrong == "twice" else True in found
    return dict(counts), dict(aside)


def snapshots(rows: Iterable[Row], wrong: str = "") -> dict[str, tuple[int, int, int, int]]:
    """Return by month who was there in the month before, who of them still is, and the partners' ones of both."""
    there: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for row in rows:
        if row["state"].strip().lower() in ("active", "at_risk", "past due"):
            there[int(row["month"][-2:])][row["customer"]] = row["partner"] is not None
    found = {}
    for month in range(2, 13):
        base = there[month - 1] if wrong != "base" else there[month]
        kept = [who for who in base if who in there[month]]
        partners = [who for who, has in base.items() if has]
        counted = (len(base), len(kept), len(partners), sum(who in kept for who in partners))
        found[f"2025-{month:02d}"] = counted
    return found


def at_the_end(rows: Iterable[Row], day: dt.date) -> tuple[int, int]:
    """Return who had begun by a day, and who of them was still there after it."""
    begun: defaultdict[str, bool] = defaultdict(bool)
    for span in spans(rows):
        if span[0]["start_date"] <= day:
            begun[span[0]["customer"]] |= _last(span) > day
    return len(begun), sum(begun.values())


def spans(rows: Iterable[Row], grace: int = 1) -> list[list[Row]]:
    """Return the rows of each span: those of one customer that overlap, or follow within the grace."""
    by_customer: defaultdict[str, list[Row]] = defaultdict(list)
    seen = set()
    for row in rows:
        start, end = row["start_date"], row["end_date"]
        if row["customer"] is None or start is None or (end is not None and end < start):
            continue
        same = (row["customer"], start, end, row["revenue_start"], row["revenue_end"])
        if same not in seen:
            seen.add(same)
            by_customer[row["customer"]].append(row)
    found: list[list[Row]] = []
    for own in by_customer.values():
        last: dt.date | None = None
        for row in sorted(own, key=lambda row: row["start_date"]):
            if last is None or row["start_date"] > last + dt.timedelta(days=grace):
                found.append([])
            last = max(last or dt.date.min, row["end_date"] or dt.date(9000, 1, 1))
            found[-1].append(row)
    return found


def contracts(rows: Iterable[Row], wrong: str = "") -> dict[str, tuple[Any, ...]]:
    """Return by quarter customers at its start, those retained, the partners' ones of both, and NRR and GRR."""
    known = spans(rows, grace=0 if wrong == "grace" else 1)
    days = [day for span in known for row in span for day in (row["start_date"], row["end_date"]) if day is not None]
    found = {}
    first = dt.date(2024, 1, 1)
    while first <= max(days):
        after = _later(first)
        at_start = [span for span in known if span[0]["start_date"] < first and _last(span) >= first]
        kept = [span for span in at_start if _stays(_last(span), after, wrong)]
        partners = [span for span in at_start if _partner_of(span, first) is not None]
        if at_start:
            both = (len(partners), sum(span in kept for span in partners))
            money = _money([(_at(span, first, after), span in kept) for span in at_start])
            found[f"{first.year}-Q{first.month // 3 + 1}"] = (len(at_start), len(kept), *both, *money)
        first = after
    return found


def week(day: dt.date) -> str:
    """Return the ISO week of a day."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def contracts_by_week(rows: Iterable[Row], until: dt.date) -> dict[str, tuple[int, int]]:
    """Return by week who was there on its Monday and before, and who of them still is after its Sunday."""
    known = spans(rows)
    monday = min(span[0]["start_date"] for span in known)
    monday -= dt.timedelta(days=monday.weekday())
    found = {}
    while (after := monday + dt.timedelta(days=7)) <= until + dt.timedelta(days=1):
        there = [_last(span) >= after for span in known if span[0]["start_date"] < monday <= _last(span)]
        if there:
            found[week(monday)] = (len(there), sum(there))
        monday = after
    return found


def activities_by_week(rows: Iterable[Row]) -> dict[str, int]:
    """Return the activities of partners on the list by week."""
    return dict(Counter(week(row["date"]) for row in rows if whose(row) in _LISTED and row["date"] is not None))


def _last(span: list[Row]) -> dt.date:
    return max(row["end_date"] or dt.date(9000, 1, 1) for row in span)


def _partner_of(span: list[Row], day: dt.date) -> str | None:
    """Return the partner of a customer on a day: that of the first of its contracts then in force that names one."""
    force = [r for r in span if r["start_date"] <= day and (r["end_date"] is None or r["end_date"] >= day)]
    return next((row["partner"] for row in force if row["partner"] in ("Acme", "Beta")), None)


def _at(span: list[Row], first: dt.date, after: dt.date) -> tuple[float, float]:
    """Return a customer's money at the start of a period and at its end: the sum over its contracts in force.

    One that renews another which ended just before the day is in force on it.
    """
    before = now = 0.0
    ended: dt.date | None = None
    for row in sorted(span, key=lambda row: (row["start_date"], row["end_date"] or dt.date(9000, 1, 1))):
        start, end = row["start_date"], row["end_date"] or dt.date(9000, 1, 1)
        was, will = (
            end >= day and (start < day or (ended is not None and ended < min(start, day))) for day in (first, after)
        )
        ended = max(ended or end, end)
        old, new = row["revenue_start"], row["revenue_end"]
        before += old or 0 if was else 0
        if will and was:
            now += new if old is not None and new is not None else old or 0
        elif will:
            now += new if new is not None else old or 0
    return before, now


def _later(first: dt.date) -> dt.date:
    return dt.date(first.year + first.month // 10, (first.month + 3 - 1) % 12 + 1, 1)


def _stays(end: dt.date, after: dt.date, wrong: str) -> bool:
    return end > after if wrong == "end" else end >= after


def _money(customers_at_start: Iterable[tuple[tuple[float, float], bool]]) -> tuple[float, float]:
    """Return net and gross revenue retention in per cent; who has no figure for the end neither grew nor shrank.

    What a customer pays who paid nothing at the start is new business.
    """
    start = lost = more = less = 0.0
    for (before, now), kept in customers_at_start:
        start += before
        lost += 0 if kept else before
        more += max(now - before, 0) if kept and before > 0 else 0
        less += max(before - now, 0) if kept else 0
    return round(100 * (start + more - less - lost) / start, 9), round(100 * (start - less - lost) / start, 9)
