"""Tables for other programs: what they hold, how they are filled, and how they are written."""
