"""Questions put to a scorecard: what comes next, whom to reward, whom to sign. Each answer is rows of plain data."""
