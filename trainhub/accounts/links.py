"""The link that signs somebody in without a password: it works once, for one account, until a moment."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.accounts.models import Account
from trainhub.core import links
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.people.models import PersonStatus

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from trainhub.core.settings import Settings

PURPOSE = "sign_in"
LIFE = timedelta(minutes=30)
WELCOME_LIFE = timedelta(days=7)


def sign_in_url(settings: Settings, account: Account, *, now: datetime, life: timedelta = LIFE) -> str:
    """The full address that signs this account in once, until `life` from now."""
    subject = f"{account.public_id}.{_fingerprint(account)}"
    token = links.sign(settings.secret_key, purpose=PURPOSE, subject=subject, until=now + life)
    return f"{settings.base_url}/inloggen/link/{token}"


def account_of_link(session: Session, settings: Settings, token: str, *, now: datetime) -> Account:
    """The account that a link signs in. Raises `NotFound` for a forged, expired or used link: all look the same.

    A link is used as soon as the account signs in, by this link or otherwise, or gets another password.
    """
    subject = links.subject_of(settings.secret_key, purpose=PURPOSE, token=token, now=now)
    public_id, _dot, fingerprint = subject.partition(".")
    account = session.scalar(select(Account).where(Account.public_id == uuid.UUID(public_id)))
    if account is None or not _may_sign_in(account) or _fingerprint(account) != fingerprint:
        raise NotFound(_("This link is unknown or no longer works."), code="link_unknown")
    return account


def _may_sign_in(account: Account) -> bool:
    return account.is_active and account.person.status != PersonStatus.erased


def _fingerprint(account: Account) -> str:
    seen = account.last_sign_in_at.isoformat() if account.last_sign_in_at else "never"
    return hashlib.sha256(f"{account.fs_uniquifier} {seen}".encode()).hexdigest()[:20]
