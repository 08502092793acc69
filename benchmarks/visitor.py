"""Somebody who uses the app, without a browser: speaks streamlit's protocol over its websocket.

Takes the address of a server; opens a page, changes controls, which go by their keys in the app, and tells how
long each drawing takes. What is not offered is refused: a page would take something else, and that would be
measured. Redraws fragments when their time has come, as a browser does. Thirty of them cost less than one browser.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

TOO_LONG_S = 120.0
WARNING = 2
"""Format of an alert of streamlit's protocol; 1 is an error."""
Found = TypeVar("Found")


def apart(visit: Coroutine[Any, Any, Found]) -> Found:
    """What a visit comes to, in a thread of its own: where a browser runs, its event loop runs already."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, visit).result()


class RefusedError(Exception):
    """The page showed an error, did not come, or has not what was to be chosen."""


def _refuse_others(key: str, options: Sequence[str], offered: Sequence[str]) -> None:
    if unknown := [option for option in options if option not in offered]:
        raise RefusedError(f"{key} has no {unknown[0]!r}; allowed: {', '.join(offered)}")


@dataclass
class Visitor:
    """One open tab.

    Attributes:
        address: of the server, http://…
        language: of the browser.
    """

    address: str
    language: str = "en-US"
    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    """what is on the page, by its place"""
    blocks: dict[tuple[int, ...], str] = field(default_factory=dict)
    """keys of its containers, by their places"""
    fragments: dict[str, str] = field(default_factory=dict)
    """fragment that a widget is drawn in, by the widget's id"""
    values: dict[str, Any] = field(default_factory=dict)
    """states of the widgets that were changed, by id"""
    timers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    page: str = ""
    query: str = ""
    busy: bool = False
    _socket: Any = None
    _reader: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _fresh: set[tuple[int, ...]] = field(default_factory=set)
    """places drawn since a drawing began"""
    _announced: set[str] = field(default_factory=set)
    """fragments that said since then that they want to be redrawn"""
    _page_name: str = ""

    async def open(self, page: str = "", query: str = "") -> None:
        """Opens a page and begins to listen."""
        from websockets.asyncio.client import connect
        from websockets.typing import Subprotocol

        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Accept-Language": self.language},
            max_size=None,
        )
        self._reader = asyncio.create_task(self._listen())
        self.query, self._page_name = query, page
        await self._rerun()

    async def close(self) -> None:
        """Closes the tab."""
        for task in [*self.timers.values(), self._reader]:
            if task is not None:
                task.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def until(self, true: Callable[["Visitor"], bool], within_s: float = TOO_LONG_S) -> float:
        """Waits until something holds; the time that took [s].

        Raises:
            RefusedError: it did not hold in time, or the page shows an error.
        """
        started = time.perf_counter()
        while not true(self):
            if self._reader is not None and self._reader.done():
                raise RefusedError(f"the connection broke: {self._reader.exception()!r}")
            for element in self.elements.values():
                if element.WhichOneof("type") == "exception":
                    raise RefusedError(element.exception.message)
                if element.WhichOneof("type") == "alert" and element.alert.format == 1:
                    raise RefusedError(f"{element.alert.body} {self.text()[-900:]}")
            left = within_s - (time.perf_counter() - started)
            if left <= 0:
                raise RefusedError(f"not within {within_s} s: {self.text()[-600:]}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, 1.0))
            self._changed.clear()
        return time.perf_counter() - started

    def text(self) -> str:
        """The texts of the page's own elements."""
        found = []
        for element in list(self.elements.values()):
            kind = element.WhichOneof("type")
            if kind in ("html", "heading", "markdown", "text", "alert"):
                body = getattr(element, kind).body
                found += [body] if not body.startswith("<style>") else []  # which names all that may come
            elif kind == "progress":
                found.append(element.progress.text)
        return "\n".join(found)

    def has_text(self, text: str) -> bool:
        """Whether the page says something."""
        return text in self.text()

    def has(self, kind: str) -> bool:
        """Whether there is an element of a kind, such as progress."""
        return any(element.WhichOneof("type") == kind for element in list(self.elements.values()))

    def has_block(self, key: str) -> bool:
        """Whether there is a container of a key."""
        return key in self.blocks.values()

    def refuse_mistaken(self) -> None:
        """Refuses a page that took something else than was asked for, and warns of it.

        Raises:
            RefusedError: it does.
        """
        for element in self.elements.values():
            if element.WhichOneof("type") == "alert" and element.alert.format == WARNING:
                raise RefusedError(
                    f"this is not what was asked for: {element.alert.body} {self.text()[:600]}"
                )

    def widget(self, kind: str, key: str) -> Any:
        """A widget by its kind and its key in the app.

        Raises:
            RefusedError: there is none.
        """
        for element in list(self.elements.values()):
            if element.WhichOneof("type") == kind and getattr(element, kind).id.endswith(f"-{key}"):
                return getattr(element, kind)
        raise RefusedError(f"no {kind} {key!r}")

    async def select(self, key: str, option: str) -> None:
        """Chooses an option of a selectbox.

        Raises:
            RefusedError: it has no such option.
        """
        widget = self.widget("selectbox", key)
        _refuse_others(key, [option], widget.options)
        await self._set(widget.id, "string_value", option)

    async def pick(self, key: str, options: list[str]) -> None:
        """Chooses several of a row of pills.

        Raises:
            RefusedError: it has not all of these.
        """
        from streamlit.proto.Common_pb2 import StringArray

        widget = self.widget("button_group", key)
        _refuse_others(key, options, [option.content for option in widget.options])
        await self._set(widget.id, "string_array_value", StringArray(data=options))

    async def choose(self, key: str, option: str) -> None:
        """Chooses one of a list of radio buttons.

        Raises:
            RefusedError: it has no such option.
        """
        widget = self.widget("radio", key)
        _refuse_others(key, [option], widget.options)
        await self._set(widget.id, "string_value", option)

    async def slide(self, key: str, value: float) -> None:
        """Moves a slider.

        Raises:
            RefusedError: it does not go there.
        """
        from streamlit.proto.Common_pb2 import DoubleArray

        widget = self.widget("slider", key)
        if not widget.min <= value <= widget.max:
            raise RefusedError(f"{key} has no {value:g}; allowed: {widget.min:g} to {widget.max:g}")
        await self._set(widget.id, "double_array_value", DoubleArray(data=[value]))

    async def press(self, key: str) -> None:
        """Presses a button.

        Raises:
            RefusedError: it cannot be pressed.
        """
        widget = self.widget("button", key)
        if widget.disabled:
            raise RefusedError(f"{key} cannot be pressed now")
        await self._set(widget.id, "trigger_value", True)
        del self.values[widget.id]

    async def _set(self, widget: str, field_name: str, value: Any) -> None:
        self.values[widget] = (field_name, value)
        await self._rerun(self.fragments.get(widget, ""))

    async def _rerun(self, fragment: str = "", *, by_itself: bool = False) -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_script_hash = self.query, self.page
        state.page_name = "" if self.page else self._page_name
        state.fragment_id, state.is_auto_rerun = fragment, by_itself
        for widget, (name, value) in self.values.items():
            row = state.widget_states.widgets.add(id=widget)
            if name.endswith("_array_value"):
                getattr(row, name).CopyFrom(value)
            else:
                setattr(row, name, value)
        if not by_itself:
            self.busy = True
        await self._socket.send(asked.SerializeToString())

    async def _listen(self) -> None:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        async for frame in self._socket:
            told = ForwardMsg()
            told.ParseFromString(frame)
            kind = told.WhichOneof("type")
            if kind == "delta":
                self._drawn(tuple(told.metadata.delta_path), told.delta)
            elif kind == "new_session":
                self._fresh, self._announced = set(), set()
            elif kind == "navigation":
                self.page = told.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif kind == "stop_auto_rerun":
                for fragment in set(told.stop_auto_rerun.fragment_ids) & set(self.timers):
                    self.timers.pop(fragment).cancel()
            elif kind == "auto_rerun":
                self._timed(told.auto_rerun.fragment_id, told.auto_rerun.interval)
            elif kind == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    self._finished()
                elif told.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                    self.busy = False
            self._changed.set()
        self._changed.set()

    def _drawn(self, place: tuple[int, ...], delta: Any) -> None:
        self._fresh.add(place)
        if delta.WhichOneof("type") == "new_element":
            self.elements[place] = delta.new_element
            kind = delta.new_element.WhichOneof("type")
            if delta.fragment_id and hasattr(getattr(delta.new_element, kind), "id"):
                self.fragments[getattr(delta.new_element, kind).id] = delta.fragment_id
            self.blocks.pop(place, None)
        elif delta.WhichOneof("type") == "add_block":
            self.elements.pop(place, None)
            self.blocks[place] = delta.add_block.id

    def _finished(self) -> None:
        """What a whole drawing of the page did not draw or ask for is gone."""
        self.busy = False
        for place in {*self.elements, *self.blocks} - self._fresh:
            self.elements.pop(place, None)
            self.blocks.pop(place, None)
        for fragment in set(self.timers) - self._announced:
            self.timers.pop(fragment).cancel()

    def _timed(self, fragment: str, interval_s: float) -> None:
        self._announced.add(fragment)

        async def again() -> None:
            while True:
                await asyncio.sleep(interval_s)
                await self._rerun(fragment, by_itself=True)

        if fragment not in self.timers:
            self.timers[fragment] = asyncio.create_task(again())
