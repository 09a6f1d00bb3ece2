"""Rules of the calendar: which words may stand in a title, which times, and which change is one that people must see.

The law of the place: no title tells of a role, a theme or a lived experience (AVG art. 9).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta

from trainhub.core.clock import AMSTERDAM
from trainhub.core.i18n import _, plain, render

CANCELLED_STAYS = timedelta(days=30)
CALENDAR_NAME = "TrainHub"
LOCALE = "nl"
"""The bytes of an item are shared by all who may read it, so they are in Dutch."""

GUARDED_WORDS = (
    "ervaringsdeskundig",
    "ervaringswerker",
    "lotgenoot",
    "cliënt",
    "patiënt",
    "stigma",
    "psychi",
    "depressi",
    "angststoornis",
    "autis",
    "trauma",
    "verslav",
    "verslaafd",
    "beperking",
    "lvb",
    "daklo",
    "thuislo",
    "kwetsba",
    "vulnerab",
    "expert by experience",
    "experts by experience",
    "lived experience",
    "homeless",
    "addict",
    "mental",
    "disabilit",
)
"""Stems that tell of a role, a theme or a lived experience; none may stand in a title or a mail's subject (law 12)."""


def is_neutral(words: str) -> bool:
    """Whether `words` tell of no role, theme or lived experience."""
    small = words.casefold()
    return not any(stem in small for stem in GUARDED_WORDS)


def session_title(module_title: str, *, names_module: bool) -> str:
    """The title of a session: "Training", with its module where that may be told and tells of nobody's life."""
    if names_module and is_neutral(module_title):
        return render(_("Training: %(module)s", module=plain(module_title)), LOCALE)
    return render(_("Training"), LOCALE)


def session_words(base_url: str) -> str:
    """What stands under a session: where to say that one cannot come."""
    return render(_("Can you not come? Tell us at %(url)s.", url=f"{base_url}/mijn"), LOCALE)


def meeting_title() -> str:
    """The title of every meeting: its own title may name an audience or a theme."""
    return render(_("Meeting"), LOCALE)


def meeting_words(base_url: str) -> str:
    """What stands under a meeting: where to read more."""
    return render(_("You can read more about this meeting at %(url)s.", url=base_url), LOCALE)


def shown_times(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Both moments in Dutch wall time; in UTC when one falls in the hour that autumn has twice (RFC 5545 §3.3.5)."""
    local = starts_at.astimezone(AMSTERDAM), ends_at.astimezone(AMSTERDAM)
    if any(_comes_twice(time) for time in local):
        return starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    return local


def _comes_twice(time: datetime) -> bool:
    return time.replace(fold=0).utcoffset() != time.replace(fold=1).utcoffset()


def fingerprint(
    *,
    starts_at: datetime,
    ends_at: datetime,
    status: str,
    place: str | None,
    online_url: str | None,
) -> str:
    """A hash of what people must be told again when it changes: time, status, place and link (RFC 5545 §3.8.7.4).

    Capitals and spaces in a place are typing, not a move.
    """
    where = " ".join((place or "").split()).casefold()
    moments = [moment.astimezone(UTC).isoformat(timespec="seconds") for moment in (starts_at, ends_at)]
    return hashlib.sha256(json.dumps([*moments, status, where, (online_url or "").strip()]).encode()).hexdigest()


def feed_token(secret_key: str, public_id: uuid.UUID) -> str:
    """The token of a feed: 256 bits that need both the secret key and the random id of the feed's row to be made.

    Raises `ValueError` without a secret key: then the database alone would tell every token.
    """
    if not secret_key:
        raise ValueError("A feed needs the secret key of the deployment")
    mac = hmac.new(secret_key.encode(), f"trainhub.feed:{public_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def token_sha256(token: str) -> str:
    """What is stored of a feed's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
