"""Who is asking: Flask-Security on our own accounts, with every change of an account through a unit of work.

Flask-Security never sees our tables. It gets a `SignedIn`, a copy of the account; what it changes in the copy, `Accounts.commit`
hands to the verbs of `trainhub.accounts`, together with the letter that tells about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g, url_for
from flask_login import user_logged_out
from sqlalchemy import exists, select

from trainhub.accounts import passwords, service
from trainhub.accounts.models import Account
from trainhub.accounts.queries import known_by_session
from trainhub.core.access import SYSTEM, Actor
from trainhub.core.marks import DEMO, DeploymentMark
from trainhub.outbox.letters import accounts as letters
from trainhub.outbox.service import queue
from trainhub.people.models import Person, PersonStatus
from trainhub.web.access import PUBLIC, SIGNED_IN, is_own_path, mark
from trainhub.web.lean import LoginForm, MailUtil, RoleMixin, Security, UserDatastore, UserMixin
from trainhub.web.per_request import begin, house, now, reading, today

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Work
    from trainhub.outbox.letter import Letter

RESET_LIFE = timedelta(hours=2)
WORDS = str(Path(__file__).parent / "translations")


class SignedInRole(RoleMixin):
    """Flask-Security wants a class of roles; ours live in the table of rights."""

    name = ""


@dataclass(eq=False)
class SignedIn(UserMixin):
    """A copy of an account, as Flask-Security knows a user. `saved` is what the database holds, `actor` who acts by it today."""

    id: int
    person_id: int
    name: str
    email: str | None  # type: ignore[assignment]  # somebody may have an account and no e-mail address any more
    locale: str
    active: bool
    password: str | None
    fs_uniquifier: str = ""
    is_demo: bool = False
    actor: Actor | None = None
    current_login_at: datetime | None = None  # type: ignore[assignment]  # empty before the first time
    last_login_at: datetime | None = None  # type: ignore[assignment]
    last_login_ip: str | None = None
    current_login_ip: str | None = None
    login_count: int = 0
    roles: list[RoleMixin] = field(default_factory=list)
    saved: tuple[str | None, datetime | None] = (None, None)


class Accounts(UserDatastore):
    """Finds accounts for Flask-Security and writes back what it changed."""

    def __init__(self) -> None:
        """Users are `SignedIn`."""
        super().__init__(SignedIn, SignedInRole)

    def find_user(self, case_insensitive: bool = False, **asked: Any) -> SignedIn | None:  # noqa: FBT001, FBT002 - the library's signature
        """The account with this session name or e-mail address; None for a closed one or an erased person."""
        del case_insensitive
        [(name, value)] = asked.items()
        if name == "fs_uniquifier":
            known = known_by_session(reading(), str(value), on=today())
            return None if known is None else _copy(known.account, is_demo=known.is_demo, actor=known.actor)
        statement = select(Account, exists().where(DeploymentMark.key == DEMO)).join(Account.person)
        if name == "email":
            statement = statement.where(Person.email == str(value).lower())
        else:
            statement = statement.where(getattr(Account, name) == value)
        found = reading().execute(statement.where(Person.status != PersonStatus.erased)).first()
        return None if found is None else _copy(found[0], is_demo=found[1])

    def find_role(self, role: str) -> None:
        """Roles are not Flask-Security's business."""
        del role

    def put(self, model: SignedIn) -> SignedIn:
        """Remember that this copy was changed."""
        g.setdefault("changed_accounts", {})[model.id] = model
        return model

    def commit(self) -> None:
        """Hand what was changed to the verbs of `trainhub.accounts`, in one unit of work with the letters about it."""
        changed, waiting = g.pop("changed_accounts", {}), g.pop("waiting_letters", [])
        if not changed:
            return
        with begin(SYSTEM) as work:
            for user in changed.values():
                _save(work, user)
            for person_id, letter in waiting:
                send(work, person_id, letter)


class SignInForm(LoginForm):
    """The library's form without its remark at the password, and with a way back that is ours or none."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Drop a foreign way back: it is never the mistake of who signs in."""
        super().__init__(*given, **named)
        self.password.description = ""
        self.next.data = self.next.data if is_own_path(self.next.data or "") else ""


class Mail(MailUtil):
    """Flask-Security's mails as our letters, in our outbox."""

    def send_mail(
        self, template: str, subject: Any, recipient: Any, sender: Any, body: Any, html: Any, **facts: Any
    ) -> None:
        """Queue the letter that stands for `template`; one about a change waits for the change."""
        del subject, recipient, sender, body, html
        user: SignedIn = facts["user"]
        base = house().settings.base_url
        if template.endswith("reset_instructions"):
            path = url_for("security.reset_password", token=facts["reset_token"])
            letter = letters.password_reset(name=user.name, url=base + path, until=now() + RESET_LIFE)
            with begin(SYSTEM) as work:
                send(work, user.person_id, letter)
        else:
            letter = letters.password_changed(name=user.name, url=base + url_for("security.forgot_password"))
            g.setdefault("waiting_letters", []).append((user.person_id, letter))


def send(work: Work, person_id: int, letter: Letter) -> None:
    """Queue a letter about an account; the same letter at most once a minute."""
    person = work.get(Person, person_id)
    queue(work, letter, person=person, dedupe_key=f"{letter.name}:{person.id}:{work.now:%Y%m%d%H%M}")


def account_by_email(email: str) -> SignedIn | None:
    """The open account with this address, or None."""
    user = Accounts().find_user(email=email.strip())
    return user if user is not None and user.active else None


def as_user(account: Account) -> SignedIn:
    """The copy of an account that Flask-Security can sign in."""
    return _copy(account)


def _save(work: Work, user: SignedIn) -> None:
    password, signed_in_at = user.saved
    if user.password is not None and user.password != password:
        service.set_password(work, person_id=user.person_id, password=user.password, session_name=user.fs_uniquifier)
    if user.current_login_at != signed_in_at:
        service.touch_sign_in(work, person_id=user.person_id)


def _copy(account: Account, *, is_demo: bool = False, actor: Actor | None = None) -> SignedIn:
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
        is_demo=is_demo,
        actor=actor,
        current_login_at=account.last_sign_in_at,
        saved=(account.password, account.last_sign_in_at),
    )


def _signed_out(_app: Flask, user: Any) -> None:
    """Somebody signs out: a copy of the cookie that is left behind is worth nothing."""
    person_id = getattr(user, "person_id", None)
    if person_id is not None:
        with begin(SYSTEM) as work:
            service.end_sessions(work, person_id=person_id)


def init_app(app: Flask) -> None:
    """Put Flask-Security in the house, with Dutch addresses and only the pages that are ours."""
    app.config.update(CONFIG)
    security = Security(app, Accounts(), mail_util_cls=Mail, login_form=SignInForm)
    # Flask-Principal would ask who is signed in at every request, also for a stylesheet; the table of rights needs it not.
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not security.principal]
    user_logged_out.connect(_signed_out, app)
    mark(app, ("security.login", "security.forgot_password", "security.reset_password", "security.logout"), PUBLIC)
    mark(app, ("security.change_password", "security.verify"), SIGNED_IN)


CONFIG: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__memory_cost": passwords.MEMORY_KIB,
        "argon2__time_cost": passwords.ROUNDS,
        "argon2__parallelism": passwords.LANES,
    },
    "SECURITY_PASSWORD_SALT": "not used: argon2 salts each password by itself",
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TRACKABLE": True,
    "SECURITY_DATETIME_FACTORY": lambda: now().astimezone(UTC),
    "SECURITY_RESET_PASSWORD_WITHIN": RESET_LIFE,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_CACHE_CONTROL": None,
    "SECURITY_EMAIL_PLAINTEXT": False,
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_FRESHNESS": timedelta(minutes=-1),
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_LOGIN_URL": "/inloggen",
    "SECURITY_LOGOUT_URL": "/uitloggen",
    "SECURITY_RESET_URL": "/wachtwoord-vergeten",
    "SECURITY_CHANGE_URL": "/wachtwoord-wijzigen",
    "SECURITY_VERIFY_URL": "/wachtwoord-bevestigen",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/start",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_POST_CHANGE_VIEW": "/start",
    "SECURITY_UNAUTHORIZED_VIEW": None,
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_I18N_DIRNAME": ["builtin", WORDS],
}
