"""What the audit says in words: objects, acts, columns. What has no word here is shown by its own code."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _

from trainhub.core.clock import AMSTERDAM
from trainhub.core.i18n import clock_time, day
from trainhub.web.forms import locale_code

if TYPE_CHECKING:
    from flask_babel import LazyString

THINGS: dict[str, LazyString] = {
    "absence": _("Absence"),
    "account": _("Account"),
    "assessor_mandate": _("Mandate to assess"),
    "assignment": _("Place in a meeting"),
    "attendance": _("Attendance"),
    "availability": _("Availability"),
    "calendar_item": _("Calendar item"),
    "certificate": _("Certificate"),
    "certificate_period": _("Certificate period"),
    "competence": _("Competence"),
    "consent": _("Consent"),
    "course": _("Course"),
    "course_version": _("Course version"),
    "decision": _("Decision"),
    "deliverable": _("Deliverable"),
    "deployment": _("This TrainHub"),
    "deployment_mark": _("This TrainHub"),
    "edition": _("Edition"),
    "enrolment": _("Enrolment"),
    "feed": _("Agenda link"),
    "feed_token": _("Agenda link"),
    "invitation": _("Invitation"),
    "mandate": _("Mandate to assess"),
    "meeting": _("Meeting"),
    "meeting_request": _("Request for a meeting"),
    "message": _("Message"),
    "module": _("Module"),
    "municipality": _("Municipality"),
    "need": _("Need"),
    "neighbourhood": _("Neighbourhood"),
    "organisation": _("Organisation"),
    "person": _("Person"),
    "preference": _("Preference"),
    "programme": _("Programme"),
    "programme_partner": _("Partner of a programme"),
    "region": _("Region"),
    "request": _("Request for a meeting"),
    "requirement": _("Requirement"),
    "role": _("Role"),
    "role_assignment": _("Role"),
    "scheme": _("Certification scheme"),
    "scheme_version": _("Version of the rules"),
    "session": _("Lesson"),
    "sign_off": _("Sign-off"),
    "target": _("Target"),
    "worker_run": _("The worker"),
}
ACTS: dict[str, LazyString] = {
    "accepted": _("accepted"),
    "active": _("takes part"),
    "added": _("added"),
    "applied": _("applied for"),
    "archived": _("archived"),
    "cancelled": _("cancelled"),
    "changed": _("changed"),
    "claimed": _("taken by the worker"),
    "closed": _("closed"),
    "completed": _("completed"),
    "confirmed": _("confirmed"),
    "created": _("created"),
    "declined": _("declined"),
    "delivered": _("told or handed over"),
    "done": _("done"),
    "ended": _("ended"),
    "erased": _("erased"),
    "expired": _("expired"),
    "failed": _("failed"),
    "flagged": _("became uncertain"),
    "forgotten": _("emptied"),
    "given": _("given"),
    "granted": _("granted"),
    "held": _("held"),
    "imported": _("imported"),
    "joined": _("somebody joined"),
    "lapsed": _("lapsed"),
    "loaded": _("loaded"),
    "marked": _("marked"),
    "moved": _("moved"),
    "noted": _("says that it works"),
    "offered": _("offered"),
    "opened": _("opened"),
    "paused": _("paused"),
    "planned": _("planned"),
    "postponed": _("to be tried again"),
    "published": _("published"),
    "put_back": _("put back in the queue"),
    "queued": _("put in the queue"),
    "recalled": _("taken back"),
    "recorded": _("recorded"),
    "refused": _("refused"),
    "registered": _("registered"),
    "reinstated": _("reinstated"),
    "rejected": _("rejected"),
    "released": _("let go"),
    "removed": _("removed"),
    "renamed": _("renamed"),
    "renewed": _("renewed"),
    "repaired": _("certain again"),
    "resettled": _("staffing looked at again"),
    "resumed": _("resumed"),
    "retired": _("retired"),
    "revoked": _("revoked"),
    "sent": _("sent"),
    "set": _("set"),
    "signed_in": _("signed in"),
    "signed_out": _("signed out"),
    "signed_off": _("signed off"),
    "sign_off_voided": _("sign-off withdrawn"),
    "staffed": _("everybody found"),
    "started": _("started"),
    "submitted": _("submitted"),
    "surrendered": _("handed in"),
    "suspended": _("suspended"),
    "waitlisted": _("put on the waiting list"),
    "withdrawn": _("withdrawn"),
    "written": _("written"),
}
COLUMNS: dict[str, LazyString] = {
    "answer": _("answer"),
    "answer_until": _("answer until"),
    "answered_at": _("answered at"),
    "attempts": _("attempts"),
    "audience": _("audience"),
    "call_name": _("name"),
    "cancelled_because": _("reason to cancel"),
    "capacity": _("places"),
    "certificate_id": _("certificate"),
    "channel": _("way to be told"),
    "code": _("code"),
    "competence_id": _("competence"),
    "confirmed_at": _("confirmed at"),
    "contact_id": _("contact person"),
    "count": _("number"),
    "course_version_id": _("course version"),
    "decided_at": _("decided at"),
    "decided_by_id": _("decided by"),
    "deliverable_id": _("deliverable"),
    "discussion_leaders": _("discussion leaders"),
    "done_on": _("done on"),
    "due_at": _("goes at"),
    "due_on": _("due on"),
    "edition_id": _("edition"),
    "email": _("e-mail address"),
    "ended_at": _("ended at"),
    "ends_at": _("ends"),
    "ends_on": _("ends on"),
    "enrol_from": _("enrol from"),
    "enrol_until": _("enrol until"),
    "evidence": _("evidence"),
    "experts": _("experts"),
    "expires_on": _("expires on"),
    "failed": _("failed"),
    "feedback": _("feedback"),
    "formal_name": _("full name"),
    "former_names": _("former names"),
    "fs_uniquifier": _("sign-in code"),
    "gm_code": _("municipality code"),
    "granted_at": _("granted at"),
    "home_municipality_id": _("home municipality"),
    "home_neighbourhood_id": _("home neighbourhood"),
    "home_pc4": _("postal code"),
    "is_active": _("may sign in"),
    "is_demo": _("made up"),
    "kind": _("kind"),
    "label": _("label"),
    "language": _("language"),
    "languages": _("languages"),
    "last_error": _("last problem"),
    "last_sign_in_at": _("last signed in"),
    "lat": _("point on the map"),
    "leased_until": _("in hand until"),
    "letter": _("letter"),
    "locale": _("language"),
    "lon": _("point on the map"),
    "mark": _("mark"),
    "max_per_month": _("at most per month"),
    "meeting_id": _("meeting"),
    "minutes": _("minutes"),
    "module_id": _("module"),
    "municipalities": _("municipalities"),
    "municipality_id": _("municipality"),
    "name": _("name"),
    "need_id": _("place that is asked"),
    "neighbourhood_id": _("neighbourhood"),
    "note": _("note"),
    "offered_until": _("offered until"),
    "online_url": _("online link"),
    "organisation_id": _("organisation"),
    "own_neighbourhood": _("own neighbourhood"),
    "owner_id": _("coordinator"),
    "params": _("details"),
    "part": _("part"),
    "password": _("password"),
    "paused_until": _("paused until"),
    "person_id": _("person"),
    "phone": _("phone number"),
    "place": _("place"),
    "position": _("order"),
    "programme_id": _("programme"),
    "published_at": _("published at"),
    "purpose": _("purpose"),
    "queued_at": _("waits since"),
    "radius_km": _("distance in kilometres"),
    "reason": _("reason"),
    "reserve": _("reserve"),
    "rest_days": _("days of rest"),
    "revision": _("number of moves"),
    "revoked_at": _("ended on"),
    "role": _("role"),
    "scheme_version_id": _("version of the rules"),
    "sent": _("sent"),
    "sent_at": _("sent at"),
    "sequence": _("version in calendars"),
    "signed_at": _("signed at"),
    "since": _("since"),
    "started_at": _("started at"),
    "starts_at": _("starts"),
    "starts_on": _("starts on"),
    "state": _("state"),
    "statement": _("sentence"),
    "status": _("state"),
    "submitted_at": _("submitted at"),
    "title": _("title"),
    "track": _("role"),
    "until": _("until"),
    "valid_from": _("valid from"),
    "valid_until": _("valid until"),
    "version": _("version"),
    "void_reason": _("reason to withdraw"),
    "voided_at": _("withdrawn at"),
    "withdrawn_at": _("withdrawn at"),
}
VALUES: dict[str, LazyString] = {
    "absent": _("absent"),
    "active": _("active"),
    "archived": _("archived"),
    "at_risk": _("uncertain"),
    "co_lead": _("leads together"),
    "draft": _("draft"),
    "email": _("by e-mail"),
    "excused": _("with notice"),
    "held": _("held"),
    "lead": _("leads"),
    "letter": _("by letter"),
    "made_up": _("made up for"),
    "observe": _("watches"),
    "open": _("open"),
    "partly": _("partly"),
    "phone": _("by phone"),
    "present": _("present"),
    "running": _("running"),
    "sending": _("being sent"),
    "staffed": _("everybody found"),
    "staffing": _("looking for people"),
    "unknown": _("unknown"),
}
"""States and choices as a person reads them; the other words are those of the acts."""
SYSTEM_WORDS = {"system": _("TrainHub itself"), "visitor": _("A visitor"), "link": _("By a link in a letter")}


def short_moment(at: datetime) -> str:
    """A moment in Dutch wall time, short enough for a list: `21 nov 2026, 22.31`."""
    local = at.astimezone(AMSTERDAM)
    return f"{format_date(local.date(), 'd MMM y')}, {clock_time(at, locale_code())}"


def act_in_words(action: str) -> str:
    """`session.moved` as `Lesson: moved`."""
    thing, _dot, event = action.partition(".")
    return f"{thing_in_words(thing)}: {ACTS.get(event, event.replace('_', ' '))}"


def thing_in_words(thing: str) -> str:
    """A table or resource by its name for people."""
    return str(THINGS.get(thing, thing.replace("_", " ")))


def facts_in_words(facts: dict[str, Any]) -> list[str]:
    """What an entry tells beside its act, one line per fact: what changed from what to what, reasons, numbers."""
    told = []
    for name, value in facts.items():
        if name == "changes" and isinstance(value, dict):
            told += [_change(column, change) for column, change in value.items()]
        else:
            told.append(f"{_column(name)}: {_value(value)}")
    return told


def _change(column: str, change: Any) -> str:
    """A private value was recorded as changed only."""
    if not (isinstance(change, list) and len(change) == 2):  # noqa: PLR2004 - what it was and what it became
        return gettext("%(what)s changed", what=_column(column))
    old, new = (_value(value) for value in change)
    return f"{_column(column)}: {new}" if change[0] is None else f"{_column(column)}: {old} → {new}"


def _column(name: str) -> str:
    return str(COLUMNS.get(name, name.replace("_", " ")))


def _value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str):
        return _moment(value) or str(VALUES.get(value) or ACTS.get(value, value))
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{_column(name)}: {_value(one)}" for name, one in value.items()) or "–"
    return str(value)


def _moment(text: str) -> str:
    """A moment or a day that was written down as text, for people; empty when it is neither."""
    try:
        return day(date.fromisoformat(text), locale_code())
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return short_moment(at) if at.tzinfo else ""
