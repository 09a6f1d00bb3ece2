"""What is still to come in the demo."""

from __future__ import annotations


def tell(stage: object) -> None:
    """Nothing yet."""
