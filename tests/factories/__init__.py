"""Factories: each test says only what matters to it; the rest of a row is filled in with plain values.

`base.py` puts rows in, `tests/factories/<domain>.py` adds the words of a domain as a class whose name begins with `Make`.
`tests/conftest.py` assembles them into the fixture `make`.
"""
