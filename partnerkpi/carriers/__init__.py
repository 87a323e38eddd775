"""What carries the functions of `partnerkpi.udfs.FUNCTIONS` beyond xlwings' macros, all made from that list."""
