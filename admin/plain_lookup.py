"""References to large tables without script: a search button posts the form back, nothing is saved."""

from flask import request
from wtforms import Form


class PlainLookup:
    """Goes before ModelView: a form sent by a search button is shown again with what was found.

    The template `admin/lib.html` draws each field of `form_ajax_refs` as search words, a button named
    `_lookup` and a native list; the words and all other fields stay as typed.
    """

    def validate_form(self, form: Form) -> bool:
        """Return whether the form may be saved: never when a search button sent it."""
        if "_lookup" in request.form:
            return False
        return bool(super().validate_form(form))  # type: ignore[misc]  # ModelView stands behind us
