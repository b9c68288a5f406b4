"""The kernel: one person judged against a ruleset, in the plain subset of Python that numba compiles.

Everything lives in one int32 memory `m`: the frame and header (fixed addresses), the rules (the
tape), then the person. A record is known by its address; `m[age + A_MINIMUM]` reads a field of it.
The desk passes a list and runs the functions as they are; the population passes an int32 array and
runs the same functions compiled. Names are those of the specification; `layout` lists the fields.
"""
