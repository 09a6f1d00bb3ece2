"""Outbox: every letter is a row first, and is posted by the worker later.

Words: bericht, brief, wachtrij. `letter.py` is the value that all letters return, `letters/` holds one pure function per letter,
`service.py` queues, holds and cancels, `delivery.py` posts. Start in `letter.py`.
"""
