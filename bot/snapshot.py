"""Few events that lead to the same state as many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

# Of these only the last before an action counts.
REPEATED = (SlotSet, ConversationPaused, ConversationResumed, FollowupAction)


def snapshot(before: DialogueStateTracker, turns: int) -> list[Event]:
    """Return few events that lead to the same state as all that were before.

    The first listens with nobody speaking, which no rule does: no rule, and none for
    the start of a conversation, reaches through it. The last `turns` are kept, and
    the turn in which the active loop started: Rasa takes later happy turns of a loop
    out of the history, so that to a rule that turn is always the one before the last.
    """
    applied = before.applied_events()
    begin = kept_from(applied, before.active_loop_name, turns)
    if begin == 0:
        return thinned(applied)
    listen = ActionExecuted(ACTION_LISTEN_NAME, timestamp=before.events[-1].timestamp)
    then = state(replayed(before, applied[:begin]))
    kept = thinned(applied[begin:])
    return [listen, *then, *(kept or [listen])]


def kept_from(applied: Sequence[Event], loop: str | None, turns: int) -> int:
    """Return the listening before the last `turns` and before the loop started."""
    begin, said, started = len(applied), 0, loop is None
    while begin and (said < turns or not started or not opens(applied, begin)):
        begin -= 1
        event = applied[begin]
        said += isinstance(event, UserUttered)
        started = started or (isinstance(event, ActiveLoop) and event.name == loop)
    return begin


def opens(applied: Sequence[Event], index: int) -> bool:
    return index == len(applied) or is_listen(applied[index])


def state(tracker: DialogueStateTracker) -> list[Event]:
    events: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value
    ]
    if tracker.active_loop_name:
        events.append(ActiveLoop(tracker.active_loop_name))
    if tracker.is_active_loop_rejected:
        events.append(ActionExecutionRejected(tracker.active_loop_name))
    if tracker.is_paused():
        events.append(ConversationPaused())
    return events


def thinned(events: Iterable[Event]) -> list[Event]:
    """Leave out what the bot said, and what was set again before the next action."""
    kept: list[Event] = []
    later: set[tuple[str, str | None]] = set()
    for event in reversed(list(events)):
        if isinstance(event, (ActionExecuted, UserUttered)):
            later.clear()
        key = event.type_name, getattr(event, "key", None)
        if isinstance(event, BotUttered) or key in later:
            continue
        if isinstance(event, REPEATED):
            later.add(key)
        kept.append(event)
    return kept[::-1]


def replayed(
    tracker: DialogueStateTracker, events: Iterable[Event]
) -> DialogueStateTracker:
    copy = tracker.init_copy()
    for event in events:
        copy.update(event)
    return copy


def is_listen(event: Event | None) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
