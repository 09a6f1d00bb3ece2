"""What the tests of the outbox share: a real mail server."""

from tests.mail_server import posting, smtp, start_worker

__all__ = ["posting", "smtp", "start_worker"]
