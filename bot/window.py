"""A tracker that holds the end of a conversation, and what has to come before it.

Rasa derives every state by replaying events, in many places, so that what lies
before the window has to be events too: the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    Event,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.snapshot import is_listen, replayed, snapshot

REVERTS = (ActionReverted, UserUtteranceReverted)
# Past so many windows a cut that may change a form's way back beats no cut at all.
PATIENCE = 4
# After something was taken back, so many times the messages needed are kept.
REACH = 2


@dataclass(frozen=True)
class Bookmark:
    """What of a tracker is stored: `snapshot` events made up, the rest from `since`."""

    snapshot: int
    since: int
    stored: int

    @property
    def last(self) -> int:
        """Number of the last stored event of the conversation."""
        return self.since + self.stored - self.snapshot


class WindowTracker(DialogueStateTracker):  # type: ignore[misc]
    """A tracker with a bookmark; the copies that Rasa makes have none."""

    bookmark = Bookmark(0, 0, 0)

    def replay(
        self,
        snapshot: Sequence[dict[str, Any]],
        window: Iterable[dict[str, Any]],
        since: int,
    ) -> WindowTracker:
        """Fill the empty tracker with stored events and mark them as stored."""
        for event in (*snapshot, *window):
            self.update(read_event(event))
        self.bookmark = Bookmark(len(snapshot), since, len(self.events))
        return self

    def new_events(self) -> list[Event]:
        return list(self.events)[self.bookmark.stored :]


@dataclass(frozen=True)
class Fold:
    """A new snapshot, and the number of the last event that it stands for."""

    snapshot: Sequence[Event]
    since: int


@lru_cache(maxsize=64)
def event_class(name: str) -> Any:
    # Rasa walks all subclasses for each event: half of what reading a tracker costs.
    return Event.resolve_by_type(name)


def read_event(data: dict[str, Any]) -> Event:
    return event_class(data["event"])._from_parameters(data)


def fold(tracker: WindowTracker, *, keep: int, turns: int) -> Fold:
    """Return the snapshot with which at least `keep` events stay in the window.

    At least `turns` messages of the customer can be replayed, from window and snapshot.
    """
    events, mark = list(tracker.events), tracker.bookmark
    start = session_start(events, mark.snapshot)
    if was_reverted(tracker) and is_listen(events[-1]):
        before = past(tracker, start or 0, len(events))
        if is_safe(before):
            # Rasa replays everything for each thing taken back, at every copy.
            return Fold(snapshot(before, REACH * turns), number(mark, len(events)))
    for cut, left in places(tracker, start, keep):
        before = past(tracker, start or 0, cut)
        if is_safe(before) or len(events) > PATIENCE * keep:
            return Fold(snapshot(before, turns - left), number(mark, cut))
    if start is not None:
        return Fold([], number(mark, start))
    return Fold(events[: mark.snapshot], mark.since)


def is_short(tracker: WindowTracker, turns: int) -> bool:
    """Say whether so much was taken back that older events are needed again."""
    if tracker.bookmark.since == 0:
        return False
    if not was_reverted(tracker):
        return False
    return sum(isinstance(e, UserUttered) for e in tracker.applied_events()) < turns


def was_reverted(tracker: WindowTracker) -> bool:
    return any(isinstance(event, REVERTS) for event in tracker.events)


def number(mark: Bookmark, cut: int) -> int:
    """Return the number of the stored event before the cut."""
    return mark.since + cut - mark.snapshot


def session_start(events: Sequence[Event], first: int) -> int | None:
    """Return where the latest session starts: nothing before it has an effect."""
    for index in range(len(events) - 1, first - 1, -1):
        if isinstance(events[index], SessionStarted):
            return index
    return None


def places(
    tracker: WindowTracker, start: int | None, keep: int
) -> Iterator[tuple[int, int]]:
    """Yield where one could cut, the latest first, and how many messages would be left.

    A place is between two turns, and nothing that was taken back after it lies before.
    """
    events = list(tracker.events)
    first = tracker.bookmark.snapshot if start is None else start
    if len(events) - keep <= first:
        return
    applied = {id(event) for event in tracker.applied_events()}
    reverted, left = False, 0
    for cut in range(len(events) - 1, first, -1):
        left += isinstance(events[cut], UserUttered) and id(events[cut]) in applied
        reverted = reverted or isinstance(events[cut], REVERTS)
        if len(events) - cut < keep or not listens(events, cut):
            continue
        if not reverted or id(events[cut - 1]) in applied:
            yield cut, left


def listens(events: Sequence[Event], cut: int) -> bool:
    """Say whether the bot listens at the cut (a paused bot does not say so again)."""
    if isinstance(events[cut], UserUttered):
        return is_listen(last_action(events[:cut]))
    return is_listen(events[cut - 1])


def past(tracker: WindowTracker, start: int, cut: int) -> DialogueStateTracker:
    """Return the tracker as it was before the cut."""
    return replayed(tracker, list(tracker.events)[start:cut])


def is_safe(before: DialogueStateTracker) -> bool:
    """Say whether an active loop would go on as if nothing had been cut."""
    if before.active_loop_name is None or before.is_active_loop_rejected:
        return True
    return bool(before.last_executed_action_has(before.active_loop_name))


def last_action(events: Sequence[Event]) -> Event | None:
    return next((e for e in reversed(events) if isinstance(e, ActionExecuted)), None)
