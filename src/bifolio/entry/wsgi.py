"""Django as a WSGI application, for the bridge in ``asgi``, or for an operator's own WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bifolio.entry.settings")
application = get_wsgi_application()
