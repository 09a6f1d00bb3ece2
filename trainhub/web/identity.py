"""Who is asking: Flask-Security on our own accounts, with every change of an account through a unit of work.

Flask-Security never sees our tables. It gets a `SignedIn`, a copy of the account; what it changes in the copy, `Accounts.commit`
hands to the verbs of `trainhub.accounts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, g
from flask_security import Security, UserDatastore, UserMixin
from sqlalchemy import select

from trainhub.accounts.models import Account
from trainhub.people.models import Person, PersonStatus
from trainhub.web.access import PUBLIC, SIGNED_IN, mark
from trainhub.web.per_request import reading

if TYPE_CHECKING:
    from datetime import datetime


class SignedInRole:
    """Flask-Security wants a class of roles; ours live in the table of rights."""

    name = ""


@dataclass(eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Security's mixin is untyped here
    """A copy of an account, as Flask-Security knows a user."""

    id: int
    person_id: int
    name: str
    email: str | None
    locale: str
    active: bool
    password: str | None
    fs_uniquifier: str = ""
    is_demo: bool = False
    last_login_at: datetime | None = None
    current_login_at: datetime | None = None
    last_login_ip: str | None = None
    current_login_ip: str | None = None
    login_count: int = 0
    roles: list[SignedInRole] = field(default_factory=list)


class Accounts(UserDatastore):  # type: ignore[misc]  # Flask-Security's datastore is untyped
    """Finds accounts for Flask-Security and writes back what it changed."""

    def __init__(self) -> None:
        """Users are `SignedIn`."""
        super().__init__(SignedIn, SignedInRole)

    def find_user(self, case_insensitive: bool = False, **asked: Any) -> SignedIn | None:  # noqa: FBT001, FBT002 - the library's signature
        """The account with this id, session name or e-mail address; None for a closed one or an erased person."""
        del case_insensitive
        [(name, value)] = asked.items()
        statement = select(Account).join(Account.person).where(Person.status != PersonStatus.erased)
        if name == "email":
            statement = statement.where(Person.email == str(value).lower())
        elif name in {"id", "fs_uniquifier"}:
            statement = statement.where(getattr(Account, name) == value)
        else:
            return None
        account = reading().scalar(statement)
        return None if account is None else _copy(account)

    def find_role(self, role: str) -> None:
        """Roles are not Flask-Security's business."""
        del role

    def put(self, model: SignedIn) -> SignedIn:
        """Remember that this copy was changed."""
        g.setdefault("changed_accounts", {})[model.id] = model
        return model

    def commit(self) -> None:
        """Hand what was changed to the verbs of `trainhub.accounts`."""


def _copy(account: Account) -> SignedIn:
    person = account.person
    return SignedIn(
        id=account.id,
        person_id=person.id,
        name=person.call_name,
        email=person.email,
        locale=person.locale,
        active=account.is_active,
        password=account.password,
        fs_uniquifier=account.fs_uniquifier,
        is_demo=person.is_demo,
        current_login_at=account.last_sign_in_at,
    )


def init_app(app: Flask) -> None:
    """Put Flask-Security in the house, with Dutch addresses and only the pages that are ours."""
    app.config.update(CONFIG)
    security = Security(app, Accounts())
    mark(app, ("security.login", "security.forgot_password", "security.reset_password", "security.logout"), PUBLIC)
    mark(app, ("security.change_password", "security.verify"), SIGNED_IN)
    app.extensions["security"] = security


CONFIG: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__memory_cost": 19_456,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_SALT": "unused: argon2 salts each password by itself",
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_LOGIN_URL": "/inloggen",
    "SECURITY_LOGOUT_URL": "/uitloggen",
    "SECURITY_RESET_URL": "/wachtwoord-vergeten",
    "SECURITY_CHANGE_URL": "/wachtwoord-wijzigen",
    "SECURITY_VERIFY_URL": "/wachtwoord-bevestigen",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}
