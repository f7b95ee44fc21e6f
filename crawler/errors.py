"""What can go wrong, as types. Messages name the source, the file or address, and what to do."""

__all__ = [
    "ConfigurationError",
    "DsiError",
    "QualityGateError",
    "SourceResponseError",
    "UsageError",
]


class DsiError(Exception):
    """Base of every error that is reported as one clear line; `exit_code` is the command's answer."""

    exit_code = 1


class UsageError(DsiError):
    """Raised by a verb when its arguments cannot be meant (unknown source, unknown protocol)."""

    exit_code = 2


class ConfigurationError(DsiError):
    """Raised by the loader and the configuration layers: a file or key is missing, unknown or wrong."""

    exit_code = 3


class QualityGateError(DsiError):
    """Raised by `dsi evaluate --gate` when a measure is below its floor."""

    exit_code = 7


class SourceResponseError(DsiError):
    """Raised by a spider when an answer is not what its protocol promises.

    HTML where JSON was expected, `success: false`, an unfiltered answer. The run records it as an
    issue with the address; records read from other answers stay.

    Args:
        code: stable identifier of the problem, in kebab case (`not-json`, `unfiltered-answer`).
        message: one sentence: what came, what was expected, what to do.
        url: the address that answered.
    """

    def __init__(self, code: str, message: str, url: str | None = None) -> None:
        super().__init__(f"{message} [{url}]" if url else message)
        self.code = code
        self.url = url
