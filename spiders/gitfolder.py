"""Adverts as files in a public Git repository: Markdown or HTML with front matter.

Read from the tree of a GitHub repository (docs.github.com/rest/git/trees) and its raw files, or from an
archive (`.tar.gz`, `.zip`) of any forge, which is one request but holds the whole repository.
"""

import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Issue, Signal
from crawler.normalise.text import plain_text
from crawler.unpack import MAX_UNPACKED, gunzip
from spiders.board import ALLOWED, Board, BoardParams
from spiders.formats.answers import as_list, as_text, decoded, json_answer
from spiders.formats.frontmatter import front_matter, markup
from spiders.formats.recordfields import item_values, lookup

__all__ = ["GitFolder"]

API, RAW, PAGE = "https://api.github.com/repos", "https://raw.githubusercontent.com", "https://github.com"
MAX_FILE = 2 * 2**20
"""Longest file that is read, bytes."""
HIDDEN = {"published": {"false", "no"}, "draft": {"true", "yes"}, "hidden": {"true", "yes"}}
"""Front matter of what the site does not show, as site generators name it."""


class GitFolderParams(BoardParams):
    """Parameters of a folder of adverts."""

    folders: list[str] = []
    """Folders that hold adverts; default: the whole repository."""
    pattern: str = r"\.(?:md|markdown|mdx|html?)$"
    """Regular expression that the path of an advert matches."""
    skip: str = r"(?:^|/)(?:_?index|readme|template)[^/]*$"
    """Regular expression of paths that are no adverts."""
    ref: str = "HEAD"
    """Branch or tag."""
    raw: str | None = None
    """Address of a file with `{path}` in it, for another forge: the source's address is the tree."""
    page: str | None = None
    """Address of an advert on the site, with `{slug}` (file name without date and ending) or `{path}`."""
    fields: dict[str, str] = {}
    """Item field -> key of the front matter."""
    closed: dict[str, list[str]] = {}
    """Key of the front matter -> values that say the advert is closed."""
    language: str | None = None
    """Language of the adverts."""


class GitFolder(Board):
    """A repository: `https://github.com/{owner}/{name}`, or the address of an archive or of a tree."""

    name = protocol = "gitfolder"
    Params = GitFolderParams
    DEFAULTS = {
        "native_id": ("path",),
        "title": ("title", "name", "position", "role"),
        "published_raw": ("date", "published", "publishDate", "created", "day"),
        "updated_raw": ("lastmod", "updated", "last_modified_at"),
        "closes_raw": (
            "deadline",
            "Deadline Date",
            "closing_date",
            "closes",
            "expires",
            "expiryDate",
            "deadlineDate",
        ),
        "language_declared": ("lang", "language"),
        "organisation.name": ("organisation", "organization", "employer", "company", "startup"),
        "place.raw": ("location", "place", "Place of Work", "city"),
        "employment_type": ("employment_type", "type", "contract", "jobType"),
        "money.raw": ("salary", "compensation"),
        "keywords": ("tags", "categories", "keywords", "techno"),
    }

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the archive, or the tree of the repository."""
        repository = re.fullmatch(rf"{PAGE}/([^/]+/[^/]+?)(?:\.git)?/?", self.source.url)
        ref = quote(self.params.ref, safe="")
        tree = f"{API}/{repository[1]}/git/trees/{ref}?recursive=1" if repository else self.source.url
        yield self.list_request(tree, 0, 1)

    def parse_list(self, response: Response, start: int, number: int) -> Iterator[Signal | Issue | Request]:
        """Read an archive whole; of a tree ask for each file that may be an advert."""
        tree = None if response.body[:1] != b"{" else lookup(json_answer(response), "tree")
        if not isinstance(tree, list):
            yield from super().parse_list(response, start, number)
            return
        if json_answer(response).get("truncated") is True:
            message = "the tree is too long for one answer: use the address of an archive"
            yield self.issue("truncated-tree", message, level="error", url=response.url)
        root = response.url.split("/git/trees/")[0].rsplit("/repos/", 1)[-1]
        raw = self.params.raw or f"{RAW}/{root}/{quote(self.params.ref)}/{{path}}"
        paths = [
            as_text(part.get("path"))
            for part in tree
            if isinstance(part, dict) and part.get("type") == "blob"
        ]
        wanted = [path for path in paths if path and self.is_advert(path)]
        if not wanted:
            yield self.issue(
                "empty-board", "no file of the tree is an advert: check params.folders", url=response.url
            )
        for path in wanted:
            address = self.address(path, f"{PAGE}/{root}/blob/{self.params.ref}")
            if not self.is_done(address):
                yield self.request(raw.format(path=quote(path)), self.parse_file)
        self.listing_complete()

    def parse_file(self, response: Response) -> Iterator[Signal | Issue]:
        """Read one file."""
        yield from self.read(response)

    def is_advert(self, path: str) -> bool:
        """Whether a path lies in one of the folders and looks like an advert."""
        folders = [folder.strip("/") + "/" for folder in self.params.folders]
        inside = not folders or any(path.startswith(folder) for folder in folders)
        fits = re.search(self.params.pattern, path, re.IGNORECASE) is not None
        return inside and fits and re.search(self.params.skip, path, re.IGNORECASE) is None

    def address(self, path: str, blob: str) -> str:
        """Address of an advert: on the site, else in the forge."""
        slug = re.sub(r"^\d{4}-\d{2}-\d{2}-|\.\w+$", "", path.rsplit("/", 1)[-1])
        if self.params.page:
            return str(self.params.page.format(slug=quote(slug), path=quote(path)))
        return f"{blob}/{quote(path)}"

    # one answer

    def decode(self, response: Response) -> Any:
        """Files of an archive, or the one that is there: pairs of path and text."""
        body = (
            response.body if response.body.startswith(b"PK\x03\x04") else gunzip(response.body, response.url)
        )
        if body.startswith(b"PK\x03\x04"):
            return self._unpacked(body, response.url, _zip)
        if body[257:262] == b"ustar":
            return self._unpacked(body, response.url, _tar)
        if not body.strip():
            raise SourceResponseError("empty-page", "the file is empty", response.url)
        parts = urlsplit(response.url)
        path = unquote(parts.path).lstrip("/")
        if parts.netloc == urlsplit(RAW).netloc or "/raw/" in f"/{path}":
            owner, name, ref, *rest = path.split("raw/", 1)[-1].split("/")
            return [
                {"path": "/".join(rest), "text": decoded(body), "blob": f"{PAGE}/{owner}/{name}/blob/{ref}"}
            ]
        return [{"path": path, "text": decoded(body), "blob": response.url.rsplit("/", 1)[0]}]

    def _unpacked(self, body: bytes, url: str, unpack: Any) -> list[dict[str, str | None]]:
        """The adverts of an archive, without the folder that forges put around it; one that is too long has no text."""
        blob = re.sub(r"/(?:archive|-/archive|tar\.gz|zip)/.*$", "", url).replace(
            "codeload.github.com", "github.com"
        )
        found = []
        try:
            for path, size, read in unpack(body):
                inner = path.split("/", 1)[-1]
                if self.is_advert(inner):
                    text = decoded(read()) if size <= MAX_FILE else None
                    found.append({"path": inner, "text": text, "blob": f"{blob}/blob/{self.params.ref}"})
        except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, OSError) as error:
            raise SourceResponseError(
                "bad-archive", f"damaged archive: {error}; fetch it again", url
            ) from error
        return found

    def adverts(self, record: Any, answer: Any, url: str) -> Iterator[Signal | Issue]:
        """Read a page: its front matter through the field map, its body as text."""
        path, text = record["path"], record["text"]
        if text is None:
            message = (
                f"{path}: not read, longer than {MAX_FILE} bytes; no advert: exclude it with params.skip"
            )
            yield self.issue("file-too-large", message, level="error", url=url)
            return
        try:
            matter, body = front_matter(text)
        except ValueError as error:
            message = f"{path}: damaged front matter: {error}"
            yield self.issue("bad-front-matter", message, level="error", url=url, record=text[:300])
            return
        if self._hidden(matter):
            yield self.issue("unpublished", f"{path}: the site does not show it", level="info", url=url)
            return
        markdown = not re.search(r"\.html?$", path, re.IGNORECASE)
        page = markup(body, markdown=markdown)
        values = item_values({**matter, "path": path}, self.params.fields, ALLOWED, self.DEFAULTS)
        title = values.get("title") or _heading(page) or path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        day = re.match(r"\d{4}-\d{2}-\d{2}(?=-)", path.rsplit("/", 1)[-1])
        values["native_id"], values["url"] = path, self.address(path, record["blob"])
        values["title"] = " ".join(plain_text(title).split())
        values["html"] = page
        values["published_raw"] = values.get("published_raw") or (day[0] if day else None)
        values["language_declared"] = values.get("language_declared") or self.params.language
        values["removed"] = any(
            (as_text(matter.get(key)) or "").casefold() in {value.casefold() for value in words}
            for key, words in self.params.closed.items()
        )
        yield self.complete(values)

    def identity(self, record: Any) -> Any:
        """The path."""
        return record["path"]

    @staticmethod
    def _hidden(matter: dict[str, Any]) -> bool:
        return any(
            (as_text(matter.get(key)) or str(matter.get(key))).casefold() in words
            for key, words in HIDDEN.items()
        )


def _heading(page: str) -> str | None:
    match = re.search(r"<h1[^>]*>(.*?)</h1>|<title[^>]*>(.*?)</title>", page, re.DOTALL | re.IGNORECASE)
    return next((part for part in as_list(list(match.groups())) if part), None) if match else None


def _tar(body: bytes) -> Iterator[tuple[str, int, Any]]:
    # Path, size and a function that reads it, of each file.
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        for member in archive:
            if member.isfile() and (stream := archive.extractfile(member)):
                yield member.name, member.size, stream.read


def _zip(body: bytes) -> Iterator[tuple[str, int, Any]]:
    total = 0
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for info in archive.infolist():
            total += info.file_size
            if total > MAX_UNPACKED:
                raise zipfile.BadZipFile(f"unpacks to more than {MAX_UNPACKED} bytes")
            if not info.is_dir():
                yield info.filename, info.file_size, lambda name=info.filename: archive.read(name)
