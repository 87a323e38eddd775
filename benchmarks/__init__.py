"""Side by side with named peers, in one run: ratios, not seconds, since machines differ."""
