# What one does with this house. `just` lists it.

_:
    @just --list

# everything that must hold
check:
    uv run --all-extras python -m tests

# some tests: just test tests/core -k audit
test *arguments:
    uv run --all-extras pytest {{arguments}}

# style and layout, put right where a machine can
tidy:
    uv run ruff check --fix .
    uv run ruff format .

# the demo, in your browser
demo:
    uv run trainhub demo

