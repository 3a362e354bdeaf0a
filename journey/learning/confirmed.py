"""Lessons from a confirmed need: which cues and answers had led to it."""

from collections.abc import Iterator, Sequence

from journey.learning.past import EVIDENCE, Act, Past
from journey.learning.sums import Sum
from journey.store.tables import LearnedSign


def signs(past: Past, event: Act) -> Iterator[Sum]:
    """Yield what the customer had said in this journey, counted for the need.

    A need that was confirmed in the journey before does not count again.
    """
    need, before = event.payload["need"], past.evidence(event)
    confirmed = [x for x in before if x.kind == "summary_confirmed"]
    here = [x for x in confirmed if x.journey_id == event.journey_id]
    if any(x.payload["need"] == need for x in here):
        return
    earlier = [x for x in confirmed if x.journey_id != event.journey_id]
    yield _sign("before", earlier[-1].payload["need"] if earlier else "", need)
    since = max((x.number for x in here), default=0)
    said = [x for x in before if x.kind in EVIDENCE and x.number > since]
    yield from (_sign(kind, sign, need) for kind, sign in _said(said))


def _said(events: Sequence[Act]) -> list[tuple[str, str]]:
    """Return each cue and each last answer once."""
    found = dict[tuple[str, str], tuple[str, str]]()
    for event in events:
        payload = event.payload
        if event.kind == "question_answered":
            sign = f"{payload['question']}.{payload['answer']}"
            found["answer", payload["question"]] = ("answer", sign)
        for cue in payload.get("cues", ()):
            sign = f"{payload['need']}.{cue}"
            found["cue", sign] = ("cue", sign)
    return list(found.values())


def _sign(kind: str, sign: str, need: str) -> Sum:
    return Sum(LearnedSign, {"kind": kind, "sign": sign, "need": need}, {"count": 1})
