"""The words for the states, roles and parts of meetings, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.i18n import Text, _
from trainhub.courses.models import Track
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part, RequestState
from trainhub.people.models import DayPart
from trainhub.programmes.models import Audience

if TYPE_CHECKING:
    from enum import StrEnum

LABELS: dict[type[StrEnum], dict[str, Text]] = {
    RequestState: {
        "submitted": _("Waiting for an answer"),
        "accepted": _("Accepted"),
        "rejected": _("Not possible"),
        "withdrawn": _("Withdrawn"),
    },
    MeetingState: {
        "draft": _("In preparation"),
        "staffing": _("Looking for people"),
        "staffed": _("Everybody found"),
        "confirmed": _("Goes ahead"),
        "held": _("Held"),
        "evaluated": _("Evaluated"),
        "closed": _("Closed"),
        "cancelled": _("Cancelled"),
    },
    InvitationState: {
        "sent": _("Waiting for an answer"),
        "accepted": _("Said yes"),
        "declined": _("Said no"),
        "expired": _("No answer in time"),
        "recalled": _("Taken back"),
    },
    AssignmentState: {
        "confirmed": _("Comes"),
        "at_risk": _("Uncertain"),
        "done": _("Was there"),
        "released": _("Does not come"),
    },
    Part: {
        "lead": _("Leads the meeting"),
        "co_lead": _("Practises: co-leads"),
        "observe": _("Practises: observes"),
    },
    Audience: {
        "residents": _("Residents"),
        "professionals": _("Professionals"),
        "volunteers": _("Volunteers"),
    },
    DayPart: {
        "morning": _("Morning"),
        "afternoon": _("Afternoon"),
        "evening": _("Evening"),
    },
    Track: {
        "expert_by_experience": _("Expert by experience"),
        "discussion_leader": _("Discussion leader"),
    },
}


def label(value: StrEnum) -> Text:
    """The words for a state, role, part, audience or day part."""
    return LABELS[type(value)][value.value]
