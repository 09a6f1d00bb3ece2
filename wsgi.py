"""The application for a WSGI server: settings from the environment, the pages, the desk."""

import os

from admin.site import mount
from trainhub.core.settings import Settings
from trainhub.web.app import create_app

app = create_app(Settings.from_env(os.environ), mounts=[mount])
