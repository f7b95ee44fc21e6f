"""Adverts as files in a repository: front matter, archives, trees."""

import io
import tarfile
import zipfile

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.gitfolder import MAX_FILE, GitFolder
from tests.support.drive import drive

PAGE = """---
title: Data <b>steward</b>
date: 2026-03-01
Deadline Date: 2026-04-01
country: NO
tags: [open data, maps]
---
# Job

Help *us*.

{{< contact >}}
"""
URL = "https://raw.githubusercontent.com/lab/site/HEAD/_jobs/2026-03-01-steward.md"
FILES = {
    "site-main/_jobs/a.md": PAGE,
    "site-main/_jobs/b.html": "<h1>Editor</h1><p>Write.</p>",
    "site-main/_jobs/index.md": "# All jobs",
    "site-main/_jobs/draft.md": "---\ndraft: true\n---\nSoon.",
    "site-main/README.md": "Hello.",
    "site-main/logo.png": "x",
}


def read(tmp_path, body, url=URL, **params):
    path = tmp_path / "file"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return list(parse_file("gitfolder", path, url, params, {"gitfolder": GitFolder}))


def packed(kind, files=FILES):
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            for name, text in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
    return stream.getvalue()


def test_front_matter_and_body_become_an_advert(tmp_path):
    (found,) = read(tmp_path, PAGE)
    assert (found.native_id, found.title, found.published_raw, found.closes_raw) == (
        "_jobs/2026-03-01-steward.md",
        "Data steward",
        "2026-03-01",
        "2026-04-01",
    )
    assert found.url == "https://github.com/lab/site/blob/HEAD/_jobs/2026-03-01-steward.md"
    assert "<em>us</em>" in found.html
    assert "contact" not in found.html
    assert found.keywords == ["open data", "maps"]


def test_keys_are_mapped_and_the_page_is_that_of_the_site(tmp_path):
    params = {
        "fields": {"place.country": "country"},
        "page": "https://lab.example/jobs/{slug}/",
        "employer": "Lab",
        "language": "en",
    }
    (found,) = read(tmp_path, PAGE, **params)
    assert (found.url, found.place.country, found.organisation.name) == (
        "https://lab.example/jobs/steward/",
        "NO",
        "Lab",
    )
    assert found.language_declared == "en"


def test_toml_front_matter_and_a_date_in_the_file_name(tmp_path):
    (found,) = read(tmp_path, '+++\ntitle = "Editor"\n+++\nWrite.')
    assert (found.title, found.published_raw) == ("Editor", "2026-03-01")


def test_a_file_without_front_matter_is_named_by_its_heading(tmp_path):
    assert read(tmp_path, "# Community manager\n\nCome.")[0].title == "Community manager"


def test_a_closed_advert_is_a_removal(tmp_path):
    (found,) = read(tmp_path, "---\ntitle: A\nstate: Closed\n---\n", closed={"state": ["closed"]})
    assert found.removed


@pytest.mark.parametrize("matter", ["---\ntitle: [\n---\nx", "---\n- a\n- b\n---\nx", "+++\ntitle =\n+++\nx"])
def test_damaged_front_matter_is_an_issue(tmp_path, matter):
    (found,) = read(tmp_path, matter)
    assert (found.code, found.level) == ("bad-front-matter", "error")


def test_front_matter_cannot_make_objects(tmp_path):
    (found,) = read(tmp_path, "---\ntitle: !!python/object/apply:os.getcwd []\n---\nx")
    assert isinstance(found, Issue) or found.title == "2026-03-01-steward"


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_an_archive_is_read_without_what_is_no_advert(tmp_path, kind):
    url = "https://github.com/lab/site/archive/refs/heads/main.tar.gz"
    found = read(tmp_path, packed(kind), url, folders=["_jobs"])
    assert [getattr(f, "native_id", None) or f.code for f in found] == [
        "_jobs/a.md",
        "_jobs/b.html",
        "unpublished",
    ]
    assert found[1].title == "Editor"
    assert found[0].url == "https://github.com/lab/site/blob/HEAD/_jobs/a.md"


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_an_advert_that_is_too_long_is_an_issue_that_names_it(tmp_path, kind):
    files = {
        **FILES,
        "site-main/_jobs/long.md": "x" * (MAX_FILE + 1),
        "site-main/film.mp4": "x" * (MAX_FILE + 1),
    }
    found = read(tmp_path, packed(kind, files), folders=["_jobs"])
    (issue,) = [f for f in found if isinstance(f, Issue) and f.level == "error"]
    assert (issue.code, "_jobs/long.md" in issue.message) == ("file-too-large", True)
    assert [f.native_id for f in found if not isinstance(f, Issue)] == ["_jobs/a.md", "_jobs/b.html"]


def test_a_truncated_archive_is_refused(tmp_path):
    with pytest.raises(SourceResponseError):
        read(tmp_path, packed("zip")[:200])


def tree(request, truncated=False):
    if "/git/trees/" in request.url:
        paths = ["_jobs/a.md", "_jobs/index.md", "README.md", "_jobs/b c.md"]
        return {"tree": [{"path": path, "type": "blob"} for path in paths], "truncated": truncated}
    return ("gone", 404) if request.url.endswith("missing.md") else PAGE


def test_the_tree_of_a_repository_leads_to_its_adverts():
    run = drive(GitFolder, "https://github.com/lab/site", tree, params={"folders": ["_jobs"]})
    assert run.urls == [
        "https://api.github.com/repos/lab/site/git/trees/HEAD?recursive=1",
        "https://raw.githubusercontent.com/lab/site/HEAD/_jobs/a.md",
        "https://raw.githubusercontent.com/lab/site/HEAD/_jobs/b%20c.md",
    ]
    assert (run.ids, run.codes, run.context.complete) == (["_jobs/a.md", "_jobs/b c.md"], [], True)


def test_a_tree_that_was_cut_is_an_error():
    run = drive(GitFolder, "https://github.com/lab/site", lambda request: tree(request, truncated=True))
    assert run.codes == ["truncated-tree"]


def test_a_repository_that_is_gone_and_one_without_adverts_are_told_apart():
    gone = drive(GitFolder, "https://github.com/lab/site", lambda request: ({"message": "Not Found"}, 404))
    assert (gone.codes, gone.context.gone) == (["unknown-board"], True)
    empty = drive(GitFolder, "https://github.com/lab/site", tree, params={"folders": ["careers"]})
    assert (empty.codes, empty.context.complete, empty.context.gone) == (["empty-board"], True, False)
