"""Headless Chromium as a judge of the report: a page in a frame of a given width, with the network blocked.

No driver is needed: a script that is put into a copy of the page reports what it sees to the page around the
frame, which `--dump-dom` prints. A frame, because a window of Chromium is never as narrow as a telephone.
"""

import html
import json
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

__all__ = ["inspect", "missing", "screenshot"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
    "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--hide-scrollbars", "--proxy-server=127.0.0.1:9",
    "--virtual-time-budget=20000",
)  # fmt: skip
"""Every request to a network goes to a port where nothing listens."""
SCHEMES = {"light": "1", "dark": "0"}
"""Colour scheme -> value of Chromium's setting."""
HARNESS = """<!doctype html><meta charset="utf-8">
<style>body{{margin:0}}iframe{{border:0;display:block}}</style>
<iframe src="{page}" width="{width}" height="{height}"></iframe><pre id="seen"></pre>
<script>addEventListener("message", (event) => {{
  document.getElementById("seen").textContent = JSON.stringify(event.data);
}});</script>"""
PROBE = Path(__file__).parent / "assets" / "probe.js"


def missing():
    """Reason why nothing can be looked at; none where Chromium is installed."""
    return None if _chromium() else f"no Chromium on this machine (looked for {', '.join(NAMES)})"


def _chromium():
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _run(arguments, folder):
    if missing():
        pytest.skip(missing())
    command = [_chromium(), *FLAGS, f"--user-data-dir={folder}/profile", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=180).stdout


def inspect(page, width, hash_="", height=900):
    """What the page shows at a width: overflowing texts, requests, charts, tables, evidence."""
    with tempfile.TemporaryDirectory() as folder:
        copy, frame = Path(folder) / "page.html", Path(folder) / "frame.html"
        probed = f"<head><script>{PROBE.read_text(encoding='utf-8')}</script>"
        text = Path(page).read_text(encoding="utf-8").replace("<head>", probed, 1)
        copy.write_text(text, encoding="utf-8")
        frame.write_text(
            HARNESS.format(page=f"page.html{hash_}".replace("&", "&amp;"), width=width, height=height),
            encoding="utf-8",
        )
        log = Path(folder) / "net.json"
        dom = _run(["--dump-dom", f"--log-net-log={log}", "--window-size=1400,1000", frame.as_uri()], folder)
        asked = _hosts(log)
    found = re.search(r'<pre id="seen">(.*?)</pre>', dom, re.DOTALL)
    assert found, "the page reported nothing"
    # Chromium itself asks its maker for the time and the like: the rest is asked for by the page.
    return {**json.loads(html.unescape(found[1])), "foreign": sorted(asked - _own_hosts())}


def _hosts(log):
    return set(re.findall(r'"url":"(?:https?|wss?)://([^/"]+)', log.read_text(encoding="utf-8")))


@cache
def _own_hosts():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "net.json"
        _run(["--dump-dom", f"--log-net-log={log}", "about:blank"], folder)
        makers = {"clients2.google.com", "accounts.google.com", "www.google.com", "update.googleapis.com"}
        return makers | _hosts(log)


def screenshot(page, file, width, height, hash_="", scheme="light"):
    """Write a picture of the page in a frame of this width."""
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.html"
        address = f"{Path(page).resolve().as_uri()}{hash_}".replace("&", "&amp;")
        frame.write_text(HARNESS.format(page=address, width=width, height=height), encoding="utf-8")
        _run(
            [f"--screenshot={Path(file).resolve()}", f"--window-size={max(width, 500)},{height}",
             f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", frame.as_uri()], folder,
        )  # fmt: skip
