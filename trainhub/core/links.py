"""Signed addresses: a link in a letter that works for one purpose, for one object, until a day.

The signature is the proof; nothing is stored. A link for one purpose is worthless for another.
"""

from __future__ import annotations

from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer

from trainhub.core.errors import NotFound
from trainhub.core.i18n import _


def sign(secret_key: str, *, purpose: str, subject: str, until: datetime) -> str:
    """A token for `subject` that `purpose` accepts up to and including `until` (aware UTC)."""
    return _serializer(secret_key, purpose).dumps([subject, int(until.timestamp())])


def subject_of(secret_key: str, *, purpose: str, token: str, now: datetime) -> str:
    """The subject of a token. Raises `NotFound` for a forged or expired token: both look the same."""
    try:
        subject, until = _serializer(secret_key, purpose).loads(token)
        expired = now > datetime.fromtimestamp(until, UTC)
    except (BadData, ValueError, TypeError, OverflowError, OSError):
        expired, subject = True, ""
    if expired or not isinstance(subject, str):
        raise NotFound(_("This link is unknown or no longer works."), code="link_unknown")
    return subject


def _serializer(secret_key: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=f"trainhub.{purpose}")
