"""The whole analysis of a large programme, from tallies and from a million answers; against pandas doing its counting.

There is no peer that does the same, so the tallies are held against the promise, and the reading of a million answers
with comments against pandas loading the file and counting partners, periods, segments and eight words only.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import Measured, side_by_side

PARTNERS, QUARTERS, ANSWERS = 1_000, 12, 1_000_000
MOST_SECONDS, MOST_MEGABYTES, MOST_SECONDS_OF_ANSWERS = 5, 500, 30

TALLIES = f"""
import random
from partnerkpi.kpi import DEFAULT_BENCHMARKS, ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.review import comparison, outlook
from partnerkpi.scorecard.review import rewards, whatif
from partnerkpi.results import segments
draw = random.Random(7)
names = [f"Partner {{n:04}}" for n in range({PARTNERS})]
periods = tuple(f"{{year}}-Q{{quarter}}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4))[:{QUARTERS}]
def tally():
    return ScoreTally(draw.randrange(8), draw.randrange(12), draw.randrange(30))
counts = {{}}
for name in names:
    for period in periods:
        scores, customers = tally(), draw.randrange(20)
        counts[name, period] = Counts(scores, scores.responses + 9, draw.randrange(3), customers, customers * 4 // 5)
dimensions = {{
    d: {{(f"{{d}} {{v}}", p): tally() for v in range(8) for p in periods}}
    for d in ("region", "tier", "product", "channel")
}}
card = Scorecard(
    "Large", "quarter", periods, periods[-1], None,
    tuple(Partner(n, True, "Gold", "EMEA", "Ann", draw.random() * 1e6) for n in names), counts, DEFAULT_BENCHMARKS,
    (0.4, 0.3, 0.3), 0.95, 5, True, True, True, True, (), segments=dimensions,
)
"""
ANALYSIS = """
result = [
    len(card.view().partners), len(card.changes), len(comparison.comparison(card).rows),
    len(card.quality.partners), len(card.alerts), len(card.actions),
    len(whatif.what_ifs(card)), len(outlook.outlook(card).rows), len(rewards.rewards(card).rows),
    *(len(segments.segments(one, period).rows) for one in card.segments.values() for period in card.periods),
]
"""


def write_answers(path: Path) -> None:
    """Write a million answers with comments, drawn by a fixed rule."""
    import duckdb

    comments = [
        "Support answers within hours and knows our case",
        "The portal is slow and the login fails every week",
        "Margins are too small for the work that we do",
        "Deal registration protects us from the direct team",
        "Leads came late and the campaign had no budget",
        "All good",
        "Great training, clear communication, no complaints about the product so far",
    ]
    listed = ", ".join(f"'{text}'" for text in comments)
    duckdb.connect().sql(
        f"""COPY (SELECT 'Partner ' || lpad((hash(i) % {PARTNERS})::VARCHAR, 4, '0') AS partner,
            'r-' || (hash(i * 7) % 300000)::VARCHAR AS respondent,
            DATE '2023-10-01' + (hash(i * 13) % 1095)::INTEGER AS date,
            CASE WHEN hash(i * 3) % 100 < 15 THEN hash(i * 5) % 7
                 WHEN hash(i * 3) % 100 < 40 THEN 7 + hash(i * 5) % 2 ELSE 9 + hash(i * 5) % 2 END::TINYINT AS score,
            'R' || (hash(i * 17) % 6)::VARCHAR AS region, 'P' || (hash(i * 19) % 8)::VARCHAR AS product,
            'S' || (hash(i * 23) % 4)::VARCHAR AS segment, 'C' || (hash(i * 29) % 5)::VARCHAR AS channel,
            CASE WHEN hash(i * 31) % 10 < 6
                 THEN [{listed}][1 + (hash(i * 37) % {len(comments)})::INTEGER] END AS comment
            FROM range({ANSWERS}) AS t(i)) TO '{path}' (FORMAT parquet)"""
    )


def promise(what: str, found: Measured, seconds: float, megabytes: float | None) -> None:
    """Print what was measured beside what was promised."""
    kept = found.seconds <= seconds and (megabytes is None or found.megabytes <= megabytes)
    memory = f", {megabytes:g} MB" if megabytes is not None else ""
    print(
        f"{what:<58} {found.seconds:5.2f} s, {found.megabytes:.0f} MB; promised {seconds:g} s{memory} "
        f"{'ok' if kept else 'NOT MET'}"
    )


def main() -> None:
    """Print the times."""
    found = side_by_side({"tallies": (TALLIES, ANALYSIS)}, rounds=3)["tallies"]
    promise(
        f"analysis of {PARTNERS:,} partners x {QUARTERS} quarters x 4 dimensions", found, MOST_SECONDS, MOST_MEGABYTES
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.parquet"
        write_answers(path)
        ours = (
            "import partnerkpi",
            "from partnerkpi.scorecard.review import comparison\n"
            f"card = partnerkpi.build_scorecard({str(path)!r})\n"
            "result = [card.total_scores(card.current), len(card.alerts), len(card.actions), "
            "len(card.changes), len(comparison.comparison(card).rows), len(card.quality.partners)]",
        )
        peer = (
            "import pandas as pd",
            f"frame = pd.read_parquet({str(path)!r})\n"
            "frame = frame.sort_values('date')\n"
            "frame['quarter'] = frame['date'].astype('datetime64[s]').dt.to_period('Q')\n"
            "frame = frame.drop_duplicates(['partner', 'respondent', 'quarter'], keep='last')\n"
            "frame['d'] = frame['score'] < 7\nframe['p'] = frame['score'] > 8\n"
            "result = [len(frame.groupby([k, 'quarter'])[['d', 'p']].sum()) for k in "
            "('partner', 'region', 'product', 'segment', 'channel')]\n"
            "text = frame['comment'].dropna().str.lower()\n"
            "words = ('support', 'communicat', 'quality', 'margin', 'training', 'onboard', 'deal', 'portal')\n"
            "result += [int(text.str.contains(word).sum()) for word in words]",
        )
        both = side_by_side({"ours": ours, "pandas": peer}, rounds=2)
        what = f"scorecard and analysis of {ANSWERS:,} answers, comments too"
        promise(what, both["ours"], MOST_SECONDS_OF_ANSWERS, None)
        promise(
            "pandas: counts and eight plain words in the comments only", both["pandas"], MOST_SECONDS_OF_ANSWERS, None
        )
    print(
        "What dominates: comparing each comment with the words of ten themes, then counting every word of the comments."
    )


if __name__ == "__main__":
    main()
