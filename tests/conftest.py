"""What every test stands on: a data folder of its own, and the database that TEST_DATABASE_URL names."""

import os
import tempfile

for _name in [name for name in os.environ if name.startswith("BIFOLIO_")]:
    del os.environ[_name]
os.environ["BIFOLIO_DATA"] = tempfile.mkdtemp(prefix="bifolio-tests-")
os.environ["BIFOLIO_SECRET_KEY"] = "a secret key for the tests, and for nothing else"
if "TEST_DATABASE_URL" in os.environ:
    os.environ["BIFOLIO_DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
