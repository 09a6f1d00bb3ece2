"""TrainHub: trains, certifies and connects local people who lead neighbourhood meetings.

Start reading in `docs/architecture.md`; the rooms are listed there from the cellar (`core`) to the roof (`cli`).
"""

__version__ = "0.1.0"
