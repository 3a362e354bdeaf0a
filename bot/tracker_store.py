"""Rasa's tracker store, at a cost that does not grow with the conversation."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.history import Change, History, Row
from bot.window import Bookmark, WindowTracker, fold, is_short

logger = logging.getLogger(__name__)

DEFAULT_URL = "sqlite:///var/tracker.db"
KEEP_EVENTS = 60
KEEP_TURNS = 4
DAY = 86_400.0
PRUNE_EVERY = 3_600.0

T = TypeVar("T")


class WindowedTrackerStore(TrackerStore):  # type: ignore[misc]
    """Loads the end of a conversation and a snapshot of what was before."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        window: int = KEEP_EVENTS,
        turns: int = KEEP_TURNS,
        retention_days: float | None = None,
        clock: Callable[[], float] = time.time,
        **kwargs: Any,
    ) -> None:
        """Open the store.

        Args:
            domain: Gives the slots; set again when a model is loaded.
            event_broker: Hears of every new event.
            host: URL of the database; else COACH_TRACKER_URL, else a file in var/.
            window: At least so many of the last events are loaded for a turn.
            turns: At least so many of the customer's messages can be taken back.
            retention_days: Older history is deleted; None keeps it for ever.
            clock: Seconds since 1970.
            kwargs: Whatever else the endpoint configuration holds.
        """
        super().__init__(domain, event_broker, **kwargs)
        url = host or os.environ.get("COACH_TRACKER_URL") or DEFAULT_URL
        self.history = History(url)
        self.window, self.turns = window, turns
        self.retention = retention_days and retention_days * DAY
        self.clock = clock
        self._pruned = 0.0
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="tracker")

    async def retrieve(self, sender_id: str) -> WindowTracker | None:
        """Return the tracker of the running session, else None."""
        found = await self._in_thread(self.history.window, sender_id)
        if found is None:
            return None
        snapshot = json.loads(found.snapshot)
        window = [json.loads(data) for data in found.events]
        return self.init_tracker(sender_id).replay(snapshot, window, found.since)

    async def retrieve_full_tracker(self, conversation_id: str) -> WindowTracker | None:
        """Return the tracker with every event that is kept, over all sessions."""
        since, events = await self.events(conversation_id)
        if not events:
            return None
        return self.init_tracker(conversation_id).replay([], events, since)

    async def events(self, sender_id: str) -> tuple[int, list[dict[str, Any]]]:
        """Return every event that is kept, and how many before them were pruned."""
        since, rows = await self._in_thread(self.history.everything, sender_id)
        return since, [json.loads(data) for data in rows]

    async def replies(
        self, sender_id: str, message_id: str
    ) -> list[dict[str, Any]] | None:
        """Return what the bot said in a turn that was saved, else None."""
        rows = await self._in_thread(self.history.turn, sender_id, message_id)
        return None if rows is None else [json.loads(data) for data in rows]

    async def save(
        self, tracker: DialogueStateTracker, message_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Save the new events, with the id of the turn's message; return them.

        Raises:
            Conflict: somebody else has written to the conversation meanwhile.
        """
        tracker = await self._marked(tracker)
        new = tracker.new_events()
        if not new and message_id is None:
            return []
        rows = [row(event) for event in new]
        await self._in_thread(self._append, tracker, rows, message_id)
        tracker.bookmark = moved(tracker)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        self._prune_now_and_then()
        return [json.loads(stored.data) for stored in rows]

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return await self._in_thread(self.history.senders)

    async def exists(self, conversation_id: str) -> bool:
        return await self._in_thread(self.history.exists, conversation_id)

    async def delete(self, sender_id: str) -> int:
        """Delete every trace of a conversation; return the number of events."""
        return await self._in_thread(self.history.erase, sender_id)

    def init_tracker(self, sender_id: str) -> WindowTracker:
        return WindowTracker(sender_id, self.domain.slots)

    def close(self) -> None:
        self._threads.shutdown()
        self.history.close()

    async def _marked(self, tracker: DialogueStateTracker) -> WindowTracker:
        """Return the tracker with a bookmark; a foreign one holds the full history."""
        if isinstance(tracker, WindowTracker):
            return tracker
        since, rows = await self._in_thread(self.history.everything, tracker.sender_id)
        marked = self.init_tracker(tracker.sender_id)
        for event in tracker.events:
            marked.update(event)
        marked.bookmark = Bookmark(0, since, min(len(rows), len(marked.events)))
        return marked

    def _append(
        self, tracker: WindowTracker, rows: Sequence[Row], message_id: str | None
    ) -> None:
        base = self._lengthened(tracker) if is_short(tracker, self.turns) else tracker
        folded = fold(base, keep=self.window, turns=self.turns)
        change = Change(
            last=tracker.bookmark.last,
            rows=rows,
            since=folded.since,
            snapshot=json.dumps([event.as_dict() for event in folded.snapshot]),
            at=self.clock(),
            message_id=message_id,
        )
        self.history.append(tracker.sender_id, change)

    def _lengthened(self, tracker: WindowTracker) -> WindowTracker:
        """Return the tracker with all events of its session."""
        since, stored = self.history.session(tracker.sender_id)
        if since >= tracker.bookmark.since:
            return tracker
        longer = self.init_tracker(tracker.sender_id)
        longer.replay([], [json.loads(data) for data in stored], since)
        for event in tracker.new_events():
            longer.update(event)
        return longer

    def _prune_now_and_then(self) -> None:
        now = self.clock()
        if not self.retention or now - self._pruned < PRUNE_EVERY:
            return
        self._pruned = now
        self._threads.submit(self._prune, now - self.retention)

    def _prune(self, before: float) -> None:
        try:
            logger.info("Pruned %d old events", self.history.prune(before))
        except Exception:
            logger.exception("Old events could not be pruned; tried again in an hour")

    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, call, *args)


def row(event: Event) -> Row:
    return Row(event.type_name, event.timestamp, json.dumps(event.as_dict()))


def moved(tracker: WindowTracker) -> Bookmark:
    mark = tracker.bookmark
    return Bookmark(mark.snapshot, mark.since, len(tracker.events))
