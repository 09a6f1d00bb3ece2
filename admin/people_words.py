"""The words of the people screens: states, roles, channels, consents, days; with the shape that goes with a state."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from trainhub.certification.kinds import Standing
from trainhub.core.access import Role
from trainhub.outbox.models import MessageState
from trainhub.people.models import Channel, DayPart, OwnNeighbourhood, PersonStatus, Purpose

PERSON_STATES = {
    PersonStatus.active: _("Takes part"),
    PersonStatus.paused: _("Takes a break"),
    PersonStatus.archived: _("Put away"),
    PersonStatus.erased: _("Erased"),
}
PERSON_TONES = {
    PersonStatus.active: "good",
    PersonStatus.paused: "wait",
    PersonStatus.archived: "calm",
    PersonStatus.erased: "calm",
}
ROLES = {
    Role.coordinator: _("Coordinator"),
    Role.trainer: _("Trainer"),
    Role.assessor: _("Assessor"),
    Role.municipality_officer: _("Municipality officer"),
    Role.technical_administrator: _("Technical administrator"),
    Role.privacy_officer: _("Privacy officer"),
}
CHANNELS = {
    Channel.email: _("By e-mail"),
    Channel.phone: _("By phone"),
    Channel.letter: _("By letter"),
    Channel.supporter: _("Through a supporter"),
}
CONSENTS = {
    Purpose.directory: _("May be found by municipalities"),
    Purpose.contact: _("May be called or e-mailed about a meeting"),
    Purpose.photo: _("Photo or quote"),
    Purpose.research: _("Research"),
    Purpose.workshop_contact: _("Contact after a development workshop"),
    Purpose.transfer: _("Transfer to a successor organisation"),
}
STANDINGS = {
    Standing.valid: (_("Valid"), "good"),
    Standing.expiring: (_("Expires soon"), "wait"),
    Standing.expired: (_("Expired"), "calm"),
    Standing.pending: (_("Not yet valid"), "wait"),
    Standing.suspended: (_("Suspended"), "wait"),
    Standing.surrendered: (_("Given back"), "calm"),
    Standing.revoked: (_("Revoked"), "stop"),
}
MESSAGE_TONES = {
    MessageState.held: (_("Held back"), "calm"),
    MessageState.queued: (_("Waits"), "wait"),
    MessageState.sending: (_("Being sent"), "now"),
    MessageState.sent: (_("Sent"), "good"),
    MessageState.failed: (_("Failed"), "stop"),
    MessageState.cancelled: (_("Cancelled"), "calm"),
}
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
WEEK = {DayPart.morning: _("morning"), DayPart.afternoon: _("afternoon"), DayPart.evening: _("evening")}
OWN = {
    OwnNeighbourhood.avoid: _("Rather not in the own neighbourhood"),
    OwnNeighbourhood.any: _("Own neighbourhood makes no difference"),
    OwnNeighbourhood.prefer: _("Gladly in the own neighbourhood"),
}
