"""What processes of emulated time wait for: it happens once, or when others do (`|`, `&`). See `emulation.world`."""

from __future__ import annotations

from typing import Any, Protocol


class Waiter(Protocol):
    """Who waits for a condition."""

    def wake(self, condition: Condition) -> None:
        """It has happened."""


class Condition:
    """Something that happens at most once, that processes wait for, and that combines with `|` and `&`."""

    __slots__ = ("_name", "_waiters", "happened", "value")

    def __init__(self, name: str = "condition") -> None:
        self._name = name
        self._waiters: list[Waiter] = []
        self.happened = False
        self.value: Any = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._name

    def happen(self, value: Any = None) -> None:
        """Make it happen now, with `value`; the second time is ignored."""
        if self.happened:
            return
        self.happened = True
        self.value = value
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                waiter.wake(self)

    def __or__(self, other: Condition) -> Condition:
        return _AnyOf(self, other)

    def __and__(self, other: Condition) -> Condition:
        return _AllOf(self, other)

    def remember(self, waiter: Waiter) -> None:
        """Wake `waiter` once it happens."""
        self._waiters.append(waiter)

    def forget(self, waiter: Waiter) -> None:
        """Do not wake `waiter` any more."""
        try:
            self._waiters.remove(waiter)
        except ValueError:
            return  # it is being woken just now

    def __repr__(self) -> str:
        return self.name


class Timer(Condition):
    """Happens at an instant; its name is put together only when a message needs it."""

    __slots__ = ("due",)

    def __init__(self, due: int) -> None:
        self.due = due
        self._waiters = []
        self.happened = False
        self.value = None

    @property
    def name(self) -> str:
        return f"the instant {self.due} ns"


class _Combination(Condition):
    """Has happened as its two parts say. It hangs on them only while somebody waits for it."""

    __slots__ = ("_left", "_right")

    def __init__(self, left: Condition, right: Condition) -> None:
        self._left = left
        self._right = right
        self._waiters = []
        self.value = None

    def happen(self, _value: Any = None) -> None:
        raise TypeError(f"`{self}` happens by its parts: make one of them happen")

    def remember(self, waiter: Waiter) -> None:
        if not self._waiters:
            if not self._left.happened:
                self._left.remember(self)
            if not self._right.happened:
                self._right.remember(self)
        self._waiters.append(waiter)

    def forget(self, waiter: Waiter) -> None:
        super().forget(waiter)
        if not self._waiters:
            self._left.forget(self)
            self._right.forget(self)

    def wake(self, part: Condition) -> None:
        """A part has happened: pass it on where that is enough."""
        if self._waiters and self.happened:
            (self._right if part is self._left else self._left).forget(self)
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                waiter.wake(self)


class _AnyOf(_Combination):
    __slots__ = ()

    @property
    def happened(self) -> bool:  # type: ignore[override]  # its parts' word, not its own
        return self._left.happened or self._right.happened

    @property
    def name(self) -> str:
        return f"{self._left} or {self._right}"


class _AllOf(_Combination):
    __slots__ = ()

    @property
    def happened(self) -> bool:  # type: ignore[override]  # its parts' word, not its own
        return self._left.happened and self._right.happened

    @property
    def name(self) -> str:
        return f"{self._left} and {self._right}"
