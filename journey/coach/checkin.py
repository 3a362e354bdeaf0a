"""Check-ins: to ask how it went, on a day that the customer agreed to."""

from datetime import datetime, time, timedelta

from journey import journeys, log, pending
from journey.coach import replying, say
from journey.journeys import Stage
from journey.people.consent import Purpose, record_consent
from journey.proactive.plan import plan
from journey.promises import promises
from journey.store.tables import Journey, Pending
from journey.turn import Move, Turn

KIND = "check_in"
HOUR = time(10)
SOON, WHOLE = 0.25, 0.6
"""The share of a message that "I haven't tried it yet" and "no thanks" must make up."""


def offer(
    turn: Turn, journey: Journey, days: int, due: datetime | None = None
) -> list[Move]:
    """Ask whether we may ask how it went, on a day if one is given."""
    due = due or _due(turn, days)
    language = turn.knowledge.language(turn.heard.language)
    consent = language.says["agree_check_in"].format(day=language.day(due))
    buttons = (say.labelled(turn, "agree", "affirm"), say.labelled(turn, "no", "deny"))
    values = {"day": language.day(due), "consent": consent}
    prompt = Move("utter_offer_check_in", values, buttons=buttons)
    pending.expect(
        turn, KIND, prompt, journey=journey.id, due=due.isoformat(), consent=consent
    )
    return [prompt]


def not_now(turn: Turn, journey: Journey, said: str | None) -> list[Move] | None:
    """Leave it at a "no thanks"; offer to ask again who has not tried it yet.

    `said` is what the message means as a reply to how it went.
    """
    language = turn.knowledge.language(turn.heard.language)
    need = turn.knowledge.needs.get(journey.need or "")
    refused = language.heard("rather_not", turn.heard.text) >= WHOLE
    if said == "private" or refused:
        pending.done(turn)
        return [Move("utter_leave_it")]
    untried = language.heard("not_tried", turn.heard.text) >= SOON
    if need is None or not (said == "untried" or (said is None and untried)):
        return None
    again = language.heard("ask_again", turn.heard.text) > 0
    due = _named_day(turn) if again else None
    return [
        Move("utter_not_tried"),
        *offer(turn, journey, need.check_in.after_days, due),
    ]


def _due(turn: Turn, days: int) -> datetime:
    zone = say.zone(turn)
    day = turn.now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, HOUR, tzinfo=zone)


def _named_day(turn: Turn) -> datetime | None:
    """Return the day that the customer prefers, at the usual hour."""
    day = replying.named_day(turn)
    return datetime.combine(day.date(), HOUR, tzinfo=say.zone(turn)) if day else None


def agree(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Promise to ask, or leave it."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    language = turn.knowledge.language(turn.heard.language)
    if turn.heard.intent in ("deny", "refuse_option", "goodbye"):
        pending.done(turn)
        return [Move("utter_no_check_in")]
    if turn.heard.intent != "affirm" and language.heard("agree", turn.heard.text) < 0.3:
        return None
    due = _named_day(turn) or datetime.fromisoformat(waiting.about["due"])
    _promise(turn, journey, due, waiting.about["consent"])
    pending.done(turn)
    return [Move("utter_check_in_agreed", {"day": language.day(due)})]


def _promise(turn: Turn, journey: Journey | None, due: datetime, text: str) -> None:
    promise = promises.make_promise(
        turn.session,
        KIND,
        customer_id=turn.heard.customer_id,
        due_at=due,
        now=turn.now,
        keeper="bot",
        journey_id=journey.id if journey else None,
        conversation_id=turn.heard.conversation_id,
        message_id=turn.heard.message_id,
    )
    record_consent(
        turn.session,
        turn.heard.customer_id,
        Purpose.CHECK_IN,
        True,
        text=text,
        source=turn.heard.message_id,
        now=turn.now,
    )
    log.write(
        turn.session,
        turn.heard,
        "consent_given",
        journey=journey,
        purpose=Purpose.CHECK_IN,
    )
    plan(
        turn.session,
        KIND,
        customer_id=turn.heard.customer_id,
        once=promise.id,
        due_at=due,
        now=turn.now,
        about={"promise": promise.id},
    )
    if journey:
        journeys.enter(turn, journey, Stage.REPEAT)


EXPECTS = {KIND: agree}
