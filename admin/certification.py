"""Screens of certification: who is how far, the file and the decision of a candidate, certificates and their story.

The law of the place: a page only asks; every act goes through a flow or verb, and an act that weighs is confirmed first.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from admin.certification_acts import ACTS, KIND_WORDS, TONES, Act
from admin.certification_rules import MandatesScreen, SchemesScreen
from admin.service_view import Screen
from trainhub.attendance.rules import STATUS_WORDS
from trainhub.certification import progress, queries, rules
from trainhub.certification.kinds import Standing
from trainhub.competence import queries as competence
from trainhub.competence import service as competence_service
from trainhub.competence.models import SignOff
from trainhub.core.access import Permission
from trainhub.core.errors import DomainError, NotFound, Several
from trainhub.core.i18n import Text, day, render
from trainhub.core.i18n import _ as mark
from trainhub.editions.models import EditionState
from trainhub.editions.queries import edition_list
from trainhub.editions.rules import EDITION_WORDS
from trainhub.flows import certify
from trainhub.meetings.models import Part
from trainhub.meetings.words import label
from trainhub.web.forms import Form, attempt, locale_code
from trainhub.web.per_request import allows, begin, current_actor, house, reading, today

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_admin import BaseView

    from trainhub.certification.models import Certificate
    from trainhub.core.access import Scoped
    from trainhub.editions.models import Edition

GROUP = _("Certification")
LONGEST = 4000
PAGE = 50
FOLLOWED = (EditionState.open, EditionState.running, EditionState.completed)


class ReasonForm(Form):
    """A reason that the person reads."""

    reason = TextAreaField(
        _("Reason"),
        validators=[InputRequired(), Length(max=LONGEST)],
        description=_("The person reads this in a letter. Write it as you would say it."),
    )


class RemarkForm(Form):
    """A remark that may stay empty."""

    reason = TextAreaField(_("Remark"), validators=[Optional(), Length(max=LONGEST)])


def reach(thing: Scoped) -> None:
    """Show only what this coordinator may decide about; anything else does not exist here."""
    if not allows(Permission.CERTIFICATE_DECIDE, thing):
        raise NotFound(mark("This page or record does not exist, or it is not yours to see."), code="not_found")


def say(text: Text) -> str:
    """A sentence of the rooms in the reader's language."""
    return render(text, locale_code())


class ProgressScreen(Screen):
    """Editions, the matrix of one, the file of one candidate, and the decision."""

    permission = Permission.CERTIFICATE_DECIDE

    @expose("/")
    def index(self) -> str:
        """The editions whose people are on their way."""
        editions = edition_list(reading(), states=FOLLOWED)
        return str(self.render("certification/editions.html", editions=editions, words=EDITION_WORDS))

    @expose("/<uuid:key>")
    def edition(self, key: uuid.UUID) -> str:
        """People against requirements, and the next act for each."""
        matrix = progress.progress(reading(), key, today())
        reach(matrix.edition)
        return str(self.render("certification/matrix.html", matrix=matrix, words=rules.WORDS, tones=TONES))

    @expose("/dossier/<uuid:key>")
    def file(self, key: uuid.UUID) -> str:
        """Everything about one candidate on one page."""
        return self._file(key)

    @expose("/dossier/<uuid:key>/toekennen", methods=("POST",))
    def grant(self, key: uuid.UUID) -> ResponseReturnValue:
        """Grant the certificate; every reason against it stands on the file."""
        try:
            granted = _grant(key)
        except Several as refused:
            return self._file(key, refused=refused.problems), 422
        except DomainError as refused:
            if refused.status == 404:  # noqa: PLR2004 - not found stays not found
                raise
            return self._file(key, refused=[refused]), 422
        flash(gettext("The certificate is granted. The person gets a letter with the number."), "success")
        return redirect(url_for("certificaten.certificate", key=granted))

    @expose("/dossier/<uuid:key>/afwijzen", methods=("GET", "POST"))
    def refuse(self, key: uuid.UUID) -> ResponseReturnValue:
        """Refuse for now, with a reason that the person reads."""
        row, edition = self._candidate(key)
        form = ReasonForm()
        if form.validate_on_submit() and attempt(form, lambda: _refuse(key, form.reason.data)):
            flash(gettext("The refusal is recorded. The person gets a letter."), "success")
            return redirect(url_for(".file", key=key))
        page = self.render("certification/refuse.html", form=form, row=row, edition=edition)
        return str(page), 422 if form.errors else 200

    @expose("/aftekening/<uuid:key>/vervallen", methods=("GET", "POST"))
    def void(self, key: uuid.UUID) -> ResponseReturnValue:
        """Withdraw a sign-off, with a reason; it can be signed again."""
        signed = reading().query(SignOff).filter_by(public_id=key).one_or_none()
        if signed is None:
            raise NotFound(mark("This page or record does not exist, or it is not yours to see."), code="not_found")
        reach(signed.enrolment.edition)
        back = url_for(".file", key=signed.enrolment.public_id)
        person, competence_words = signed.enrolment.person.call_name, signed.competence.statement
        form = ReasonForm()
        if form.validate_on_submit() and attempt(form, lambda: _void(key, form.reason.data)):
            flash(gettext("The sign-off is withdrawn. It can be signed again."), "success")
            return redirect(back)
        page = self.render("certification/void.html", form=form, person=person, what=competence_words, back_url=back)
        return str(page), 422 if form.errors else 200

    def _candidate(self, key: uuid.UUID) -> tuple[progress.Progress, Edition]:
        row = progress.missing_for(reading(), key, today())
        reach(row.enrolment.edition)
        return row, row.enrolment.edition

    def _file(self, key: uuid.UUID, *, refused: list[DomainError] | None = None) -> str:
        row, edition = self._candidate(key)
        ties = queries.ties(reading(), decider_id=current_actor().person_id, person_id=row.person.id)
        page = self.render(
            "certification/file.html",
            row=row,
            edition=edition,
            history=competence.history(reading(), row.person.id),
            refusals=queries.refusals(reading(), person_id=row.person.id),
            against=[say(one.message) for one in rules.independence(**ties)],
            refused=[say(one.message) for one in refused or ()],
            lessons=_lessons(row),
            meetings=_meetings(row),
            words=rules.WORDS,
            tones=TONES,
        )
        return str(page)


class CertificatesScreen(Screen):
    """Every certificate, its standing today, its story, and what can be decided now."""

    permission = Permission.CERTIFICATE_DECIDE

    @expose("/")
    def index(self) -> str:
        """The list, by standing and by words."""
        standing = request.args.get("stand", "")
        chosen = Standing(standing) if standing in set(Standing) else None
        page = max(1, request.args.get("page", 1, type=int))
        words = request.args.get("q", "")
        rows = queries.certificates(
            reading(), today(), standing=chosen, words=words, limit=PAGE + 1, offset=(page - 1) * PAGE
        )
        return str(
            self.render(
                "certification/certificates.html", rows=rows[:PAGE], page=page, has_more=len(rows) > PAGE,
                chosen=chosen, q=words, words=rules.WORDS, tones=TONES,
            )
        )  # fmt: skip

    @expose("/<uuid:key>")
    def certificate(self, key: uuid.UUID) -> str:
        """One certificate: how it stands, its story, what can be done."""
        certificate = self._certificate(key)
        standing = queries.folded(certificate, today())
        acts = [(name, act) for name, act in ACTS.items() if act.kind in rules.ALLOWED[standing]]
        page = self.render(
            "certification/certificate.html",
            certificate=certificate,
            standing=standing,
            story=queries.story(reading(), certificate),
            acts=acts,
            periods=[
                gettext(
                    "%(first)s until %(last)s",
                    first=day(one.starts_on, locale_code()),
                    last=day(one.ends_on, locale_code()),
                )
                for one in certificate.periods
            ],
            kinds=KIND_WORDS,
            words=rules.WORDS,
            tones=TONES,
            check_url=f"{house().settings.base_url}/c/{certificate.public_token}",
        )
        return str(page)

    @expose("/<uuid:key>/<deed>", methods=("GET", "POST"))
    def act(self, key: uuid.UUID, deed: str) -> ResponseReturnValue:
        """Confirm a decision: what will happen and to whom, then do it."""
        certificate = self._certificate(key)
        act = ACTS.get(deed)
        if act is None:
            raise NotFound(mark("This page or record does not exist, or it is not yours to see."), code="not_found")
        person = certificate.person.call_name
        form = ReasonForm() if act.kind in rules.REASONED else RemarkForm()
        if form.validate_on_submit() and attempt(form, lambda: _decide(act, key, form.reason.data)):
            flash(say(act.done), "success")
            return redirect(url_for(".certificate", key=key))
        page = self.render(
            "certification/act.html", form=form, act=act, key=key, person=person, number=certificate.number
        )
        return str(page), 422 if form.errors else 200

    def _certificate(self, key: uuid.UUID) -> Certificate:
        certificate = queries.certificate_page(reading(), key)
        reach(certificate.scheme_version.course_version)
        return certificate


def _grant(key: uuid.UUID) -> uuid.UUID | None:
    with begin() as work:
        certificate = certify.grant(work, enrolment_id=key).certificate
        return certificate.public_id if certificate is not None else None


def _refuse(key: uuid.UUID, reason: str | None) -> None:
    with begin() as work:
        certify.refuse(work, enrolment_id=key, reason=reason or "")


def _void(key: uuid.UUID, reason: str | None) -> None:
    with begin() as work:
        competence_service.void_sign_off(work, sign_off_id=key, reason=reason or "")


def _lessons(row: progress.Progress) -> list[tuple[str, str, str]]:
    modules = {one.id: f"{one.code} {one.title}" for one in row.facts.modules}
    return [
        (day(one.on, locale_code()), modules.get(one.module_id, "–"), say(STATUS_WORDS[one.status]))
        for one in row.facts.lessons
    ]


def _meetings(row: progress.Progress) -> list[tuple[str, str]]:
    return [(day(one.on, locale_code()), say(label(Part(one.part)))) for one in row.facts.meetings]


def _decide(act: Act, key: uuid.UUID, reason: str | None) -> None:
    with begin() as work:
        act.verb(work, certificate_id=key, reason=reason or "")


def views() -> list[BaseView]:
    """The screens of this domain, in the order of the menu."""
    return [
        ProgressScreen(name=_("Progress"), category=GROUP, endpoint="voortgang", url="/admin/voortgang"),
        CertificatesScreen(name=_("Certificates"), category=GROUP, endpoint="certificaten", url="/admin/certificaten"),
        MandatesScreen(name=_("Mandates"), category=GROUP, endpoint="mandaten", url="/admin/mandaten"),
        SchemesScreen(name=_("Certificate rules"), category=GROUP, endpoint="regelingen", url="/admin/regelingen"),
    ]
