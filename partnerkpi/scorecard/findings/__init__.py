"""What follows from the counts of a scorecard: each works on its data and returns a value; `card` keeps them."""
