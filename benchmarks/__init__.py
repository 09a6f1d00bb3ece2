"""Benchmarks: a claim of speed is a ratio to a limit in the same run. `python -m benchmarks [NAME …] [--full]`.

`harness.py` measures, `bare.py` holds the limits, `world.py` makes the data; every name in `__main__.NAMES` is one benchmark
with a function `rows(worlds)`.
"""
