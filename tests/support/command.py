"""The `dsi` command line in a process of its own, as an operator runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Workspace"]


@dataclass
class Workspace:
    """A folder with a configuration, source files and a data directory; verbs run in it."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    def source(self, name: str, text: str, **values: Any) -> None:
        """Write a source file `family/id`; `@key@` in the text is replaced by the value of that name."""
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        file = self.path / "sources" / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def command(self, *arguments: str) -> list[str]:
        """The command line of a verb."""
        return [sys.executable, "-m", "crawler.cli", *arguments]

    def environ(self) -> dict[str, str]:
        """Environment of a verb: the data directory and the repository's packages."""
        return {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DSI_DATA_DIRECTORY": str(self.path / "data"),
            **self.environment,
        }

    def run(
        self, *arguments: str, expect: int | tuple[int, ...] = 0, timeout: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end and check its exit code."""
        done = subprocess.run(
            self.command(*arguments), cwd=self.path, env=self.environ(), capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
        allowed = expect if isinstance(expect, tuple) else (expect,)
        assert done.returncode in allowed, f"{arguments} ended with {done.returncode}:\n{done.stderr[-3000:]}"
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        return done

    def crawl(
        self, *sources: str, expect: int | tuple[int, ...] = 0, **options: Any
    ) -> Mapping[str, dict[str, Any]]:
        """`dsi crawl` with the workspace's source files; the runs by source."""
        done = self.run("crawl", *sources, "--sources", "sources", "--json", expect=expect, **options)
        return {row["source"]: row for row in json.loads(done.stdout)}
