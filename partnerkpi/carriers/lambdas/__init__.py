"""The functions as names that hold a LAMBDA: for Excel of any kind, without Python and without macros.

The formulas stand in the texts of this folder, as they are typed; `values` fills in what is said elsewhere.
"""
