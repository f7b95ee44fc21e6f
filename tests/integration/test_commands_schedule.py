"""`dsi schedule print`: a schedule that finds the program and the project from anywhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli import app


def printed(form, folder, monkeypatch):
    """What the verb prints in a folder, made if need be."""
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return CliRunner().invoke(app, ["schedule", "print", form]).stdout


def program(line):
    """The words of a command line up to the verb."""
    return line.partition(" crawl --due")[0].split()


def test_the_cron_line_changes_into_the_project_folder(tmp_path, monkeypatch):
    line = printed("--cron", tmp_path, monkeypatch)
    assert line.startswith(f"*/15 * * * * cd {tmp_path} && ")


def test_the_service_works_in_the_project_folder(tmp_path, monkeypatch):
    assert f"\nWorkingDirectory={tmp_path}\n" in printed("--systemd", tmp_path, monkeypatch)


@pytest.mark.parametrize(("form", "before"), [("--cron", " && "), ("--systemd", "\nExecStart=")])
def test_the_program_is_named_by_an_absolute_path(tmp_path, monkeypatch, form, before):
    words = program(printed(form, tmp_path, monkeypatch).partition(before)[2])
    assert Path(words[0]).is_absolute()
    assert subprocess.run(
        [*words, "--version"], capture_output=True, text=True, check=True
    ).stdout.startswith("dsi ")


def test_without_a_script_beside_the_interpreter_the_module_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    line = printed("--cron", tmp_path, monkeypatch)
    assert program(line.partition(" && ")[2]) == [str(tmp_path / "python"), "-m", "crawler.cli"]


def test_odd_signs_of_a_folder_are_written_as_cron_and_systemd_read_them(tmp_path, monkeypatch):
    folder = tmp_path / "my 50% project"
    assert f"cd '{tmp_path}/my 50\\% project' && " in printed("--cron", folder, monkeypatch)
    assert f"WorkingDirectory={tmp_path}/my 50%% project\n" in printed("--systemd", folder, monkeypatch)
