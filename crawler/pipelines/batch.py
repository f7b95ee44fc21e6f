"""Items that arrive one by one are handled together; each waits for its own batch only."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

__all__ = ["MicroBatcher"]

T = TypeVar("T")


class MicroBatcher(Generic[T]):
    """Collects items until there are enough of them or the first one has waited long enough.

    Args:
        handle: handles one batch, in the order of arrival; what it raises reaches every item of the batch.
        size: items handled at once.
        wait: how long the first item of a batch waits for others, seconds.
    """

    def __init__(self, handle: Callable[[list[T]], Awaitable[None]], size: int, wait: float) -> None:
        self._handle, self._size, self._wait = handle, size, wait
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()  # the event loop itself keeps no reference

    async def add(self, item: T) -> None:
        """Wait until the batch of this item was handled.

        Raises:
            Exception: what the handler raised for the batch.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._waiting) >= self._size:
            self._start(0.0)
        elif len(self._waiting) == 1:
            self._start(self._wait)
        await future

    def _start(self, wait: float) -> None:
        task = asyncio.ensure_future(self._run(wait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, wait: float) -> None:
        await asyncio.sleep(wait)
        batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
        if self._waiting:
            self._start(0.0)  # these have waited already
        if not batch:
            return
        try:
            await self._handle([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 (handed to every waiting item, where it is recorded)
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in batch:
            if not future.done():
                future.set_result(None)
