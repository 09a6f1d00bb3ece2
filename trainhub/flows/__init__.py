"""Flows: stories over several rooms, one function each, that calls downwards and can be read aloud.

Words: aanmelden, verplaatsen, aftekenen, verlenen, uitnodigen, intrekken. A flow runs inside one unit of work, so a story happens
whole or not at all; its letters are rows in the same transaction. Start with the story whose name you know.
"""
