"""Benchmarks: a claim of speed is a ratio to a limit in the same run. `python -m benchmarks [NAME …] [--full]`.

`harness.py` measures, `world.py` makes the data, every other file is one benchmark with a `rows(world)` function.
"""
