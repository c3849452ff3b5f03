"""The API's pages say what is so: names, codes and signatures agree, and every command runs as printed."""

import json
import os
import re
import subprocess
from pathlib import Path

import msgspec
import pytest

from bifolio.api.registry import ACTIONS
from bifolio.api.signing import signature_of
from bifolio.api.statuses import Status
from tests.documents import make_pdf
from tests.serving import serving

DOCS = Path(__file__).parents[2] / "docs" / "api"
OVERVIEW = (DOCS / "README.md").read_text("utf-8")
PAGES = (DOCS / "actions.md").read_text("utf-8")
VECTORS = json.loads((DOCS.parents[1] / "contracts" / "api" / "signatures.json").read_text("utf-8"))
# The wire contract's section 7, as far as it is built; adding an action begins here.
SPECIFIED = {
    "collection.create",
    "collection.getCollection",
    "collection.update",
    "collection.deleteCollection",
    "collection.getEmbed",
    "collection.getStats",
    "collection.getList",
    "user.getStats",
}


def sections() -> dict[str, str]:
    parts = re.split(r"^## (\S+\.\S+)$", PAGES, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGES, flags=re.MULTILINE | re.DOTALL)


def test_code_docs_and_specification_name_the_same_actions() -> None:
    assert set(ACTIONS) == SPECIFIED == set(sections())


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_parameter_stands_in_its_actions_section(name: str) -> None:
    for field in msgspec.structs.fields(ACTIONS[name].parameters):
        assert f"`{field.encode_name}`" in sections()[name]


def test_every_section_has_a_command_of_its_action() -> None:
    for name, section in sections().items():
        assert f"action={name}" in section


def test_the_table_of_codes_is_the_servers() -> None:
    rows = re.findall(r"^\| (\d\d) \| ([^|]+?) \|", OVERVIEW, flags=re.MULTILINE)
    assert [(int(code), text) for code, text in rows] == [(status.code, status.text) for status in Status]


def test_every_vector_of_the_contract_is_printed_and_the_python_example_makes_it() -> None:
    example = re.search(r"^```python\n(.*?)^```$", OVERVIEW, flags=re.MULTILINE | re.DOTALL)
    assert example is not None
    names: dict[str, object] = {}
    exec(example[1], names)
    sign = names["sign"]
    for vector in VECTORS["calls"]:
        assert callable(sign)
        assert sign(VECTORS["secret"], vector["parameters"]) == vector["signature"]
        assert signature_of(VECTORS["secret"], vector["parameters"]) == vector["signature"]
        assert vector["signature"] in OVERVIEW


def test_the_shells_sign_makes_the_vectors() -> None:
    for vector in VECTORS["calls"]:
        pairs = [f"{name}={value}" for name, value in reversed(vector["parameters"].items())]
        made = run_shell(commands()[0] + 'sign "$@"\n', {"SECRET": VECTORS["secret"]}, *pairs)
        assert made.strip() == vector["signature"]


def test_every_command_works_as_printed(tmp_path: Path) -> None:
    (tmp_path / "magazine.pdf").write_bytes(make_pdf(pages=3))
    with serving(tmp_path, CALLS_PER_SECOND="0", CALLS_PER_MINUTE="0") as server:
        key = server.new_key()
        environment = {
            "BIFOLIO": server.url,
            "KEY": key["apiKey"],
            "SECRET": key["secret"],
            "FILE": str(tmp_path / "magazine.pdf"),
        }
        marked = "\necho; echo =====\n".join(commands())
        answers = [answer.strip() for answer in run_shell(marked, environment).split("=====")]
    created, polled, updated, embedded, listed, counted, user, deleted = answers[1:]
    assert re.fullmatch(r"[a-z0-9]{10}", created)
    assert '"itemStatus":"complete","itemPages":3' in polled
    assert json.loads(updated)["data"]["collectionTitle"] == "Frühling & Sommer"
    assert json.loads(embedded)["data"]["embedCode"].startswith("<iframe ")
    assert json.loads(listed)["data"]["collectionCount"] == 1
    assert [page["page"] for page in json.loads(counted)["data"]["pages"]] == [1, 2, 3]
    assert json.loads(user)["data"]["api_uploads_left"] == 999
    assert json.loads(deleted) == {"code": 20, "status": "OK"}


def run_shell(script: str, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        ["/bin/bash", "-eu", "-c", script, "bash", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
