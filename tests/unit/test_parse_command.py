"""`dsi parse`: what it says of a saved response, and its exit code."""

import json

import pytest
from typer.testing import CliRunner

from crawler.cli import app


def parse(protocol, file, body):
    file.write_text(body, encoding="utf-8")
    return CliRunner().invoke(app, ["parse", protocol, str(file)])


def test_items_go_to_stdout_and_issues_to_stderr(tmp_path):
    result = parse("records", tmp_path / "dump.json", '[{"id": "1", "title": "Tool library"}, 7]')
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "Tool library"
    assert result.stderr.startswith("error: bad-record: record 2")


@pytest.mark.parametrize(
    ("protocol", "body", "code"),
    [("personio", "", "not-xml"), ("greenhouse", "<html></html>", "not-json"), ("records", "", "empty-page")],
)
def test_a_file_that_is_no_answer_of_the_protocol_is_a_failure_with_its_reason(
    tmp_path, protocol, body, code
):
    result = parse(protocol, tmp_path / "saved", body)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {code}: ")
