"""The `dsi` command: the tree of verbs, errors to exit codes. Verbs import what is heavy when they run."""

import sys
from importlib import import_module
from typing import Annotated

import typer

from crawler import __version__
from crawler.commands import VERB_MODULES

__all__ = ["app", "main"]

app = typer.Typer(
    name="dsi",
    help="Measure digital social innovation: crawl, classify, store, publish.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"dsi {__version__}")
        raise typer.Exit


@app.callback()
def dsi(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Measure digital social innovation: crawl, classify, store, publish."""


for module_name in VERB_MODULES:
    import_module(f"crawler.commands.{module_name}").register(app)


def main() -> None:
    """Run the command line; every known error is one line on standard error and an exit code (DESIGN 5)."""
    try:
        app()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        # Our own errors, those of the storage and of the model carry the exit code they stand for.
        code = getattr(error, "exit_code", None)
        if code is None:
            raise
        sys.stderr.write(f"dsi: {error}\n")
        sys.exit(code)


if __name__ == "__main__":
    main()
