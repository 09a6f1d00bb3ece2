"""Cli: what one does with TrainHub at a prompt.

Each file is one group of commands, loaded only when it is called: nothing but `serve`, `demo` and `routes` loads Flask. `main.py`
lists them, `options.py` holds the options they share. Start in `main.py`.
"""
