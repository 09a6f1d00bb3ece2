"""Factories of accounts and roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.base import NOW, TODAY, Factory
from trainhub.accounts.models import Account, RoleAssignment
from trainhub.core.access import Role
from trainhub.people.models import Person


class MakeAccounts(Factory):
    """Accounts and dated roles."""

    def account(self, person: Person, **given: Any) -> Account:
        """An open account without a password."""
        return self.row(
            Account, **{"person_id": person.id, "fs_uniquifier": f"account-{self.number()}", "created_at": NOW, **given}
        )

    def role(self, person: Person, role: Role, **given: Any) -> RoleAssignment:
        """A role since a year ago, without an end."""
        return self.row(
            RoleAssignment, **{"person_id": person.id, "role": role, "since": TODAY - timedelta(days=365), **given}
        )
