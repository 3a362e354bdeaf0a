from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

from bot.window import Bookmark, Fold, WindowTracker, fold, is_short, read_event
from tests.bot.assistant import PROJECT

LISTEN = ActionExecuted("action_listen")


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(PROJECT / "domain.yml"))


def faq(text: str = "faq") -> list[Event]:
    said = UserUttered(text, {"name": "faq"})
    return [said, ActionExecuted("utter_faq"), BotUttered("Two days."), LISTEN]


def form_turn(colour: str) -> list[Event]:
    said = UserUttered(colour, {"name": "inform"})
    return [said, SlotSet("colour", colour), ActionExecuted("order_form"), LISTEN]


def start_form() -> list[Event]:
    said = UserUttered("order", {"name": "order"})
    form = [ActionExecuted("order_form"), ActiveLoop("order_form")]
    return [said, *form, SlotSet("requested_slot", "colour"), LISTEN]


def tracker_of(domain: Domain, *parts: list[Event]) -> WindowTracker:
    tracker = WindowTracker("c", domain.slots)
    for event in [SessionStarted(), LISTEN, *(e for part in parts for e in part)]:
        tracker.update(event)
    return tracker


def after(domain: Domain, tracker: WindowTracker, folded: Fold) -> WindowTracker:
    """Return the tracker that would be loaded after saving."""
    events = [event.as_dict() for event in list(tracker.events)[folded.since :]]
    snapshot = [event.as_dict() for event in folded.snapshot]
    return WindowTracker("c", domain.slots).replay(snapshot, events, folded.since)


def state(tracker: Any) -> dict[str, Any]:
    now = tracker.current_state()
    loop = now.pop("active_loop")
    kept = ("slots", "paused", "latest_action", "followup_action", "latest_message")
    return {key: now[key] for key in kept} | {
        "loop": (loop.get("name"), loop.get("rejected"))
    }


@pytest.mark.parametrize(
    "parts",
    [
        [faq()] * 20,
        [[SlotSet("colour", "red"), SlotSet("mood", "bad")], *[faq()] * 20],
        [
            [SlotSet("mood", "bad")],
            *[faq()] * 9,
            [SlotSet("mood", "good")],
            *[faq()] * 9,
        ],
        [start_form(), *[form_turn("red")] * 20],
        [start_form(), *[[*faq(), ActionExecutionRejected("order_form")]] * 20],
        [[ConversationPaused()], *[[UserUttered("help")]] * 30],
    ],
    ids=["faq", "slots", "slot set back", "form", "rejected form", "paused"],
)
def test_fold_keeps_the_state(domain: Domain, parts: list[list[Event]]) -> None:
    tracker = tracker_of(domain, *parts)
    folded = fold(tracker, keep=10, turns=3)
    assert folded.since > 0
    loaded = after(domain, tracker, folded)
    assert state(loaded) == state(tracker)
    assert len(loaded.events) < len(tracker.events)


def test_fold_nothing_in_a_short_conversation(domain: Domain) -> None:
    tracker = tracker_of(domain, faq())
    assert fold(tracker, keep=10, turns=3) == Fold([], 0)


def test_fold_is_bounded_when_repeated(domain: Domain) -> None:
    tracker, lengths = tracker_of(domain, start_form()), []
    for _ in range(50):
        for event in form_turn("red"):
            tracker.update(event)
        folded = fold(tracker, keep=10, turns=3)
        window = list(tracker.events)[cut_of(tracker, folded) :]
        tracker = WindowTracker("c", domain.slots).replay(
            [e.as_dict() for e in folded.snapshot],
            [e.as_dict() for e in window],
            folded.since,
        )
        lengths.append(len(tracker.events))
    assert max(lengths[10:]) <= 30
    assert tracker.active_loop_name == "order_form"


def cut_of(tracker: WindowTracker, folded: Fold) -> int:
    return folded.since - tracker.bookmark.since + tracker.bookmark.snapshot


def test_window_begins_after_listening(domain: Domain) -> None:
    tracker = tracker_of(domain, *[faq(str(n)) for n in range(9)])
    folded = fold(tracker, keep=10, turns=1)
    before = list(tracker.events)[folded.since - 1]
    assert isinstance(before, ActionExecuted) and before.action_name == "action_listen"


def test_do_not_cut_between_an_utterance_and_taking_it_back(domain: Domain) -> None:
    back = [UserUtteranceReverted(), UserUtteranceReverted()]
    tracker = tracker_of(domain, *[faq(str(n)) for n in range(9)], back, faq(), faq())
    folded = fold(tracker, keep=10, turns=1)
    loaded = after(domain, tracker, folded)
    assert state(loaded) == state(tracker)
    texts = [e.text for e in loaded.applied_events() if isinstance(e, UserUttered)]
    assert "7" not in texts and "8" not in texts


def test_is_short_when_more_was_taken_back_than_is_there(domain: Domain) -> None:
    tracker = tracker_of(domain, faq(), faq(), faq())
    tracker.bookmark = Bookmark(0, 100, 0)
    assert not is_short(tracker, 4)
    tracker.update(UserUtteranceReverted())
    assert is_short(tracker, 4)
    assert not is_short(tracker, 2)


def test_read_event_as_rasa_does() -> None:
    event = SlotSet("colour", {"deep": [1]})
    assert read_event(event.as_dict()) == event
