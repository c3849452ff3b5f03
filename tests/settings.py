"""Django's settings for the tests: a data folder of their own, and the database of TEST_DATABASE_URL.

The environment is set before the settings read it: pytest-django imports them before any conftest.
"""

import os
import tempfile

for _name in [name for name in os.environ if name.startswith("BIFOLIO_")]:
    del os.environ[_name]
os.environ["BIFOLIO_DATA"] = tempfile.mkdtemp(prefix="bifolio-tests-")
os.environ["BIFOLIO_SECRET_KEY"] = "a secret key for the tests, and for nothing else"
if "TEST_DATABASE_URL" in os.environ:
    os.environ["BIFOLIO_DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from bifolio.entry.settings import *  # noqa: E402, F403
