"""One embedded server for the session; a fresh, migrated database for each test that asks for one."""

import uuid

import pytest

from storage.collections import migrate
from storage.connection import open_database
from storage.server import client


@pytest.fixture(scope="session")
def database_uri(tmp_path_factory):
    with client(tmp_path_factory.mktemp("mongodb")) as uri:
        yield uri


@pytest.fixture
def db(database_uri):
    with open_database(database_uri, name=f"test_{uuid.uuid4().hex}") as database:
        migrate(database)
        yield database
        database.client.drop_database(database.name)
