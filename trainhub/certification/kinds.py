"""The words of certification as values, free of tables, so that rules can be read and tested without a database."""

from __future__ import annotations

from enum import StrEnum


class DecisionKind(StrEnum):
    """What was decided; appended and never changed (ISO/IEC 17024 9.4–9.7)."""

    grant = "grant"
    refuse = "refuse"
    renew = "renew"
    suspend = "suspend"
    reinstate = "reinstate"
    surrender = "surrender"
    revoke = "revoke"


class Standing(StrEnum):
    """What a certificate is on a day; the first that fits in the order of law: see `rules.standing_on`."""

    valid = "valid"
    expiring = "expiring"
    expired = "expired"
    pending = "pending"
    suspended = "suspended"
    surrendered = "surrendered"
    revoked = "revoked"
