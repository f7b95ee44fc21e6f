"""`dsi schedule print`: one line for cron or a systemd timer; due sources decide the rest."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import UsageError

schedule_app = typer.Typer(help="Run crawls regularly.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verb to the command tree."""
    app.add_typer(schedule_app, name="schedule")


@schedule_app.callback()
def schedule() -> None:
    """Run crawls regularly."""


@schedule_app.command("print")
def print_schedule(
    cron: Annotated[bool, typer.Option("--cron", help="A line for crontab.")] = False,
    systemd: Annotated[bool, typer.Option("--systemd", help="A systemd service and timer.")] = False,
) -> None:
    """Print a schedule for the working folder that crawls what is due every 15 minutes; leases prevent overlaps."""
    if cron == systemd:
        raise UsageError("choose one of --cron and --systemd")
    command, folder = [*program(), "crawl", "--due", "--json"], str(Path.cwd())
    if cron:
        line = f"*/15 * * * * cd {shlex.quote(folder)} && {shlex.join(command)} >> dsi-crawl.log 2>&1"
        typer.echo(line.replace("%", r"\%"))  # a bare % ends the command in a crontab
        return
    quoted = " ".join(f'"{word}"' if " " in word else word for word in command)
    typer.echo(
        "# dsi-crawl.service\n[Unit]\nDescription=Crawl due sources of the DSI observatory\n\n"
        f"[Service]\nType=oneshot\nWorkingDirectory={folder.replace('%', '%%')}\n"
        f"ExecStart={quoted.replace('%', '%%')}\n"
        "# 5: nothing was due; 6: another crawl holds the lease\nSuccessExitStatus=5 6\n\n"
        "# dsi-crawl.timer\n[Timer]\nOnCalendar=*:0/15\nPersistent=true\nRandomizedDelaySec=60\n\n"
        "[Install]\nWantedBy=timers.target"
    )


def program() -> list[str]:
    """Command line of this very `dsi`, wherever it is called from: not the first of that name on the path."""
    script = Path(sys.executable).with_name("dsi")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "crawler.cli"]
