"""Bringing the functions into Excel: scorecard.xlsm, its installation, and the doctor."""
