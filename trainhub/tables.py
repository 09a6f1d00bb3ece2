"""Every table of the house, loaded: import this before the first query, so that each foreign key finds its table."""

from trainhub.accounts import models as accounts
from trainhub.attendance import models as attendance
from trainhub.calendar import models as calendar
from trainhub.certification import models as certification
from trainhub.competence import models as competence
from trainhub.core import audit, marks
from trainhub.core.db import Base
from trainhub.courses import models as courses
from trainhub.editions import models as editions
from trainhub.meetings import models as meetings
from trainhub.organisations import models as organisations
from trainhub.outbox import models as outbox
from trainhub.people import models as people
from trainhub.places import models as places
from trainhub.programmes import models as programmes

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "accounts",
    "attendance",
    "audit",
    "calendar",
    "certification",
    "competence",
    "courses",
    "editions",
    "marks",
    "meetings",
    "organisations",
    "outbox",
    "people",
    "places",
    "programmes",
]
