"""Locks that coordinators of one store hold: they die with their holder, however that ends."""

from filelock import FileLock, Timeout


class Claim:
    """A chunk that this coordinator runs; it ends with the process, however that ends."""

    def __init__(self, lock: FileLock | None) -> None:
        self._lock = lock

    def release(self) -> None:
        """Gives the chunk back."""
        if self._lock is not None:
            self._lock.release()


class Tried:
    """A lock that is taken only if it is free at once."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def __enter__(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def __exit__(self, *_: object) -> None:
        self._lock.release()
