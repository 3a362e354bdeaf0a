"""Corrections: what we took for meant and was not."""

from sqlalchemy import delete, select

from journey import journeys, log, pending
from journey.coach import questioning, say
from journey.coach.grasp import reflection, settle
from journey.coach.orders.hastening import AFTER
from journey.coach.orders.purchases import visible
from journey.coach.situation import asked_in
from journey.needs import answers, beliefs
from journey.needs.schema import Answer
from journey.orders.orders import is_open
from journey.store.tables import Asked, Constraint, Journey, Order, Pending, Preference
from journey.turn import Move, Turn

UNASKED = frozenset(
    {
        "mandate_announced",
        "mandate_question",
        "mandate_ordered",
        "due_again",
        "may_need",
        "wanted",
        "consent",
        "feedback",
        "news",
    }
)
"""Where "skip this" is the answer: left here, what was announced would be ordered."""
MARK = 0.1
"""The share of a message that "I meant" must account for."""


def is_correction(turn: Turn) -> bool:
    """Tell whether a message says that we took something wrongly."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("correct", turn.heard.text) >= MARK


def correct(turn: Turn) -> list[Move] | None:
    """Take a correction into the journey; None when it corrects nothing of ours."""
    journey = journeys.current(turn)
    if journey is None or journey.stage != journeys.Stage.RECOGNIZE:
        return None
    who = turn.knowledge.language(turn.heard.language).person(turn.heard.text)
    other = _other_answer(turn, journey)
    if not (who or other or turn.heard.of("need", "cue")):
        return None
    _log(turn, journey)
    if who:
        journey.who = who
    if other:
        return [Move("utter_corrected"), *_answer_anew(turn, journey, *other)]
    return [Move("utter_corrected"), *_heard_anew(turn, journey)]


def _heard_anew(turn: Turn, journey: Journey) -> list[Move]:
    moved = beliefs.hear(turn, journey)
    named = {str(e.value) for e in turn.heard.of("need") if not e.negated}
    named |= {str(e.value).partition(".")[0] for e in turn.heard.of("cue")}
    if journey.need and named and journey.need not in named:
        beliefs.retract(turn, journey, journey.need)
        _drop_wishes(turn, journey)
        likeliest = beliefs.ranked(beliefs.beliefs_of(turn, journey))
        settle(turn, journey, next(need for need, _ in likeliest if need in named))
    return [*reflection(turn, journey, moved), *questioning.go_on(turn, journey)]


def _other_answer(turn: Turn, journey: Journey) -> tuple[Asked, Answer] | None:
    """Read a correction as another answer to the question that was answered last."""
    answered = [row for row in asked_in(turn, journey) if row.answer]
    question = turn.knowledge.by_question.get(answered[-1].question if answered else "")
    if question is None:
        return None
    language = turn.knowledge.language(turn.heard.language)
    given = answers.read(question, turn.heard, language)
    if given is None or given.answer == answered[-1].answer:
        return None
    return answered[-1], given


def _answer_anew(
    turn: Turn, journey: Journey, asked: Asked, given: Answer
) -> list[Move]:
    question = turn.knowledge.by_question[asked.question]
    _take_back(turn, journey, asked)
    return questioning.accept(turn, journey, question, given)


def _take_back(turn: Turn, journey: Journey, asked: Asked) -> None:
    """Remove what an answer brought: its evidence and its wishes."""
    what = f"{asked.question}.{asked.answer}"
    for belief in beliefs.beliefs_of(turn, journey).values():
        kept = [term for term in belief.evidence if term["what"] != what]
        belief.evidence = kept
        belief.log_odds = sum(term["weight"] for term in kept)
    _drop_wishes(turn, journey, at=asked.answered_at)


def _drop_wishes(turn: Turn, journey: Journey, at: object = None) -> None:
    for table in (Preference, Constraint):
        query = delete(table).where(table.journey_id == journey.id)
        turn.session.execute(query.where(table.at == at) if at else query)


def denied_summary(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Hear what was wrong in a summary."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    if journey is None or turn.heard.intent == "out_of_scope":
        return None
    if turn.heard.intent in ("deny", "goodbye") and len(turn.heard.text.split()) < 4:
        return None
    corrected = correct(turn)
    if corrected:
        return corrected
    _log(turn, journey)
    journey.words = f"{journey.words}\n{turn.heard.text}"
    moved = beliefs.hear(turn, journey)
    heard = reflection(turn, journey, moved)
    noted = heard or [Move("utter_noted", {"said": turn.heard.text})]
    return [*noted, *questioning.go_on(turn, journey)]


def _log(turn: Turn, journey: Journey) -> None:
    log.write(
        turn.session,
        turn.heard,
        "summary_corrected",
        journey=journey,
        said=turn.heard.text,
    )


def cancel(turn: Turn) -> list[Move] | None:
    """Leave what was begun when the customer says "never mind"."""
    if turn.heard.of(*say.PRESSED):
        return None
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("cancel", turn.heard.text) < 0.5:
        return None
    waiting = pending.row(turn)
    if not waiting.expects or waiting.expects in UNASKED or _of_order(turn, waiting):
        return None
    pending.clear(turn)
    journey = journeys.current(turn)
    if journey and not _ordered_in(turn, journey):
        journeys.close(turn, journey, journeys.Outcome.CANCELLED)
    return [Move("utter_cancelled")]


def _of_order(turn: Turn, waiting: Pending) -> bool:
    """Tell whether "cancel it" is said of the order before, not of what is asked."""
    meant = turn.heard.intent == "cancel_order" and waiting.expects in AFTER
    return meant and any(is_open(order) for order in visible(turn))


def _ordered_in(turn: Turn, journey: Journey) -> bool:
    """Tell whether something came of a journey already."""
    query = select(Order.id).where(Order.journey_id == journey.id)
    after = journey.stage == journeys.Stage.REPEAT
    return after or turn.session.scalar(query.limit(1)) is not None


EXPECTS = {"correction": denied_summary}
