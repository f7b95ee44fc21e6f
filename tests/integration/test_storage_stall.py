"""A server that does not get to answer for a while is waited for: nothing is cancelled, nothing is written twice."""

import json
import os
import signal
import threading

import pytest

from storage.connection import open_database

STALL = 45.0
"""Seconds; the driver's own patience ends after 30."""


@pytest.mark.slow
def test_write_outlasts_a_stall(tmp_path):
    with open_database(data_directory=tmp_path) as db:
        db.probe.insert_one({"_id": 1})
        pid = json.loads((tmp_path / "mongodb" / "server.json").read_text())["pid"]
        wake = threading.Timer(STALL, os.kill, (pid, signal.SIGCONT))
        os.kill(pid, signal.SIGSTOP)
        wake.start()
        try:
            db.probe.insert_one({"_id": 2})
        finally:
            wake.join()
        assert db.probe.count_documents({}) == 2
