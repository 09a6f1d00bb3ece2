"""Demo: the two programmes with clearly fictional people, told through the services on dates around today.

`data/` holds the facts as TOML, `story.py` tells them in order, `loader.py` opens the units of work. Start in `story.py`.
"""
