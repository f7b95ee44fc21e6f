"""The examples run as they are: the notebook, the script, and every query of the mongosh file."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indicators.export import export
from tests.support.observatory import fill

EXAMPLES = Path(__file__).parents[2] / "examples"
# What mongosh offers the file, and no more: every query is printed instead of asked, and answers nothing.
SHELL = """
const ask = (what) => { console.log(JSON.stringify(what)); return answer(); };
const rows = [{blocks: {"2026-01": "v"}}];
const answer = () => ({sort: answer, limit: answer, forEach: () => {}, toArray: () => rows});
const collection = (name) => ({
  aggregate: (pipeline) => ask({name, pipeline}),
  find: (filter, projection) => ask({name, filter: filter || {}, projection}),
  findOne: (filter, projection) => { ask({name, filter, projection}); return {evidence: ["x"]}; },
});
const db = {getSiblingDB: () => new Proxy({}, {get: (_, name) => collection(name)})};
const print = () => {}, printjson = () => {};
"""


@pytest.fixture
def prepared(db, database_uri, tmp_path, monkeypatch):
    fill(db)
    export(db, tmp_path / "exports")
    monkeypatch.setenv("MONGODB_URI", database_uri)
    monkeypatch.setenv("DSI_DATABASE", db.name)
    monkeypatch.setenv("DSI_EXPORTS", str(tmp_path / "exports"))
    return db


def notebook():
    return json.loads((EXAMPLES / "observatory.ipynb").read_text(encoding="utf-8"))


def test_notebook_runs_from_start_to_end(prepared, capsys):
    names = {"__name__": "__main__"}
    for cell in notebook()["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {cell['id']}", "exec"), names)
            assert capsys.readouterr().out or cell["id"] == "close", cell["id"]
    assert names["found"].connected > 2
    assert names["table"].num_rows > 1000
    assert len(names["latest"]) == 5


def test_notebook_is_committed_without_results():
    cells = notebook()["cells"]
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if "outputs" in cell
    )
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_script_prints_what_is_stored(prepared):
    answer = subprocess.run(
        [sys.executable, EXAMPLES / "query.py"], capture_output=True, text=True, check=True, timeout=60
    )
    assert "core " in answer.stdout
    assert "Vintages of the indicators: 2026-03-10" in answer.stdout


def test_script_says_that_the_address_is_missing(monkeypatch):
    monkeypatch.delenv("MONGODB_URI", raising=False)
    answer = subprocess.run(
        [sys.executable, EXAMPLES / "query.py"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 3
    assert "MONGODB_URI is not set" in answer.stderr


def test_every_mongosh_query_is_answered(prepared, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js on this machine: the mongosh file cannot be read")
    script = tmp_path / "queries.js"
    script.write_text(SHELL + (EXAMPLES / "queries.mongosh.js").read_text(encoding="utf-8"), encoding="utf-8")
    lines = subprocess.run([node, script], capture_output=True, text=True, check=True, timeout=60).stdout
    found = {}
    for line in lines.splitlines():
        query = json.loads(line)
        collection = prepared[query["name"]]
        if "pipeline" in query:
            rows = list(collection.aggregate(query["pipeline"]))
        else:
            rows = list(collection.find(query["filter"], query.get("projection")))
        found.setdefault(query["name"], []).append(len(rows))
    assert set(found) == {"signals", "evidence", "vintages", "indicators", "runs", "issues"}
    assert all(count for count in found["signals"][:5])
    assert found["vintages"] == [1]
