"""A scorecard workbook as a message: a draft that somebody sends by hand, or sent by SMTP, once."""
