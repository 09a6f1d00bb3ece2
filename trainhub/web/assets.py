"""Stylesheets, script and pictures: served from memory, gzipped, with a hash in the address and so kept for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

from trainhub.web.access import public

FOLDER = Path(__file__).parent / "static"
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the same gzipped, its type, and the hash that its address carries."""

    content: bytes
    gzipped: bytes | None
    mimetype: str
    digest: str


def init_app(app: Flask) -> None:
    """Serve every file of the static folder under `/static/<name>?v=<hash>`."""
    assets = {path.relative_to(FOLDER).as_posix(): _asset(path) for path in FOLDER.rglob("*") if path.is_file()}

    @public
    def static(filename: str) -> Response:
        """One file."""
        asset = assets.get(filename)
        if asset is None:
            abort(404)
        return _answer(asset)

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.jinja_env.globals["static_url"] = lambda name: url_for("static", filename=name, v=assets[name].digest)


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = mimetype.startswith("text/") or mimetype == "image/svg+xml"
    gzipped = gzip.compress(content, mtime=0) if is_text else None
    return Asset(content, gzipped, mimetype, hashlib.sha256(content).hexdigest()[:12])


def _answer(asset: Asset) -> Response:
    use_gzip = asset.gzipped is not None and request.accept_encodings.quality("gzip") > 0
    answer = Response(asset.gzipped if use_gzip else asset.content, mimetype=asset.mimetype)
    if use_gzip:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.set_etag(asset.digest + ("-gzip" if use_gzip else ""))
    if request.args.get("v") == asset.digest:
        answer.cache_control.public = True
        answer.cache_control.max_age = YEAR
        answer.cache_control.immutable = True
    else:
        answer.cache_control.no_cache = True
    return answer.make_conditional(request)  # type: ignore[return-value]  # the same Flask response
