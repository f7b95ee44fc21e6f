"""Lists of words with a fixed meaning: articles, legal forms, what boards add to titles."""

import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["word_list"]


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(files("crawler.dedup").joinpath("wordlists.toml").read_text(encoding="utf-8"))


@cache
def word_list(name: str) -> frozenset[str]:
    """Words of one list of `wordlists.toml`, folded.

    Raises:
        KeyError: there is no list of this name.

    """
    return frozenset(_lists()[name].split())
