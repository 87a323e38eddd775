"""What carries the functions of `partnerkpi.udfs.FUNCTIONS` to where xlwings' macros do not run, all made from that list."""
