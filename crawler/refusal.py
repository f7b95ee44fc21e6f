"""What is raised in place of a request that must not be sent."""

from scrapy.exceptions import IgnoreRequest

__all__ = ["RefusedRequest"]


class RefusedRequest(IgnoreRequest):
    """Raised instead of sending a request. `code` is the code of the issue that the run records."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
