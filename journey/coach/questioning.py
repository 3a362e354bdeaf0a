"""Questioning: one thing at a time, and only what could change the outcome."""

from collections.abc import Iterator

from journey import log, pending
from journey.coach import back, request, say
from journey.coach.grasp import quote, reflection, settle, suggestions
from journey.coach.shortlist.refining import wishes_of
from journey.coach.situation import asked_in, situation_of
from journey.coach.summary import sum_up
from journey.curate.keep import keep_wishes
from journey.needs import answers, beliefs
from journey.needs.questions import Situation, next_question, open_questions
from journey.needs.schema import Answer, Question
from journey.store.tables import Asked, Journey, Pending
from journey.turn import Move, Turn

UNFORESEEN = "unforeseen"
ASIDES = frozenset(
    "ask_policy ask_if_bot ask_human track_order cancel_order return_order reorder"
    " change_order order_product forget_me ask_my_data change_language".split()
)
"""Intents that a message has for its own sake, even when it brushes an answer."""
TELLING = frozenset(
    "share_situation give_preference give_feedback state_goal deny refuse_option"
    " out_of_scope ask_recommendation choose_option".split()
)
"""Intents as which an answer is heard that we cannot read."""
WISH = "give_preference"
CLEAR = 0.6
HALF = 0.5
VOLUNTEERED = 0.3
"""The share of a message that must answer a question which was not put."""


def go_on(turn: Turn, journey: Journey) -> list[Move]:
    """Take what was told already, ask what is still worth asking, else sum up."""
    now = situation_of(turn, journey)
    told = _told(turn, journey, now)
    if told:
        return accept(turn, journey, *told)
    question = _next(turn, journey, now)
    if question:
        return [put(turn, journey, question)]
    if journey.need:
        return sum_up(turn, journey, turn.knowledge.needs[journey.need])
    prompt = Move("utter_ask_more", buttons=suggestions(turn))
    return [pending.expect(turn, "situation", prompt, journey=journey.id)]


def _still_open(turn: Turn, journey: Journey, now: Situation) -> list[Question]:
    """Return the questions of the need, or of what it may be, that are not answered."""
    if journey.need:
        return [*open_questions(turn.knowledge.needs[journey.need].questions, now)]
    return [*open_questions(_telling_apart(turn, now), now)]


def _told(
    turn: Turn, journey: Journey, now: Situation
) -> tuple[Question, Answer] | None:
    """Return a question of the need that the customer's words answer unasked."""
    if journey.need is None:
        return None
    still = _still_open(turn, journey, now)
    for text in (turn.heard.text, journey.words or ""):
        if found := answers.told(still, text):
            name, given = next(iter(found.items()))
            return turn.knowledge.by_question[name], given
    return None


def _next(turn: Turn, journey: Journey, now: Situation) -> Question | None:
    worth = next_question(turn.knowledge, now, _still_open(turn, journey, now))
    return worth.question if worth else None


def _telling_apart(turn: Turn, now: Situation) -> Iterator[Question]:
    """Yield what could tell needs apart, once anything speaks for one of them."""
    possible = [need for need, p in now.beliefs.items() if p >= beliefs.POSSIBLE]
    if possible:
        yield from turn.knowledge.questions
    for need in possible:
        yield from turn.knowledge.needs[need].questions


def put(turn: Turn, journey: Journey, question: Question) -> Move:
    """Ask a coaching question, once in a journey."""
    row = Asked(journey_id=journey.id, question=question.question, asked_at=turn.now)
    turn.session.add(row)
    log.write(
        turn.session,
        turn.heard,
        "question_asked",
        journey=journey,
        question=question.question,
    )
    return pending.expect(
        turn,
        "answer",
        say.ask(question),
        question=question.question,
        journey=journey.id,
    )


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read an answer to a coaching question and go on."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    question = turn.knowledge.by_question.get(waiting.about["question"])
    if journey is None or question is None:
        return None
    language = turn.knowledge.language(turn.heard.language)
    given = answers.read(question, turn.heard, language)
    if given is None:
        return _look_at_once(turn, journey, question)
    if _is_aside(turn, given):
        return None
    return accept(turn, journey, question, given)


def _look_at_once(
    turn: Turn, journey: Journey, question: Question
) -> list[Move] | None:
    """Stop asking when somebody would rather see something, and look."""
    language = turn.knowledge.language(turn.heard.language)
    if journey.need is None or turn.heard.intent in ASIDES:
        return None
    if language.heard("look", turn.heard.text) < HALF:
        return None
    _close_question(turn, journey, question.question, "refused", turn.heard.text)
    pending.done(turn)
    return request.offer(turn, journey)


def named_in(turn: Turn, need: str) -> list[tuple[Question, Answer]]:
    """Return what a message says to the questions of a need, be it in one word."""
    found = []
    for question in turn.knowledge.needs[need].questions:
        best = max(question.answers, key=lambda x: answers.fit(x, turn.heard.text))
        if answers.fit(best, turn.heard.text) >= answers.LEAST:
            found.append((question, best))
    return found


def note(
    turn: Turn, journey: Journey, told: list[tuple[Question, Answer]]
) -> list[Move]:
    """Take what was told unasked; return the reflection of the first."""
    for question, given in told:
        _close_question(turn, journey, question.question, given.answer, given.title)
        beliefs.take_answer(turn, journey, question, given)
        answers.take(turn, journey, given)
    return [say.reflect(given.reflection) for _, given in told[:1]]


def _is_aside(turn: Turn, given: Answer) -> bool:
    """Tell whether a message asks something else and only brushes the answer."""
    pressed = bool(turn.heard.of("answer"))
    question = turn.heard.intent in ASIDES and turn.heard.confidence >= CLEAR
    return question and not pressed and answers.fit(given, turn.heard.text) < HALF


def accept(
    turn: Turn, journey: Journey, question: Question, given: Answer
) -> list[Move]:
    """Take an answer into beliefs, facts and wishes, reflect it and go on."""
    _close_question(turn, journey, question.question, given.answer, given.title)
    beliefs.take_answer(turn, journey, question, given)
    beliefs.hear(turn, journey)
    answers.take(turn, journey, given)
    if journey.need is None:
        _settle_likeliest(turn, journey)
    return [say.reflect(given.reflection), *go_on(turn, journey)]


def _settle_likeliest(turn: Turn, journey: Journey) -> None:
    need, p = beliefs.ranked(beliefs.beliefs_of(turn, journey))[0]
    if p >= beliefs.SURE:
        settle(turn, journey, need)


def other(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Go on after an answer that is none of those we can read.

    None when the message asks for something else or is not understood at all.
    """
    if turn.heard.intent not in TELLING:
        return None
    how = _how(turn)
    if how is None:
        return None
    journey = turn.session.get_one(Journey, waiting.about["journey"])
    volunteered = _volunteered(turn, journey) if how == UNFORESEEN else None
    if volunteered:
        return volunteered
    if how == UNFORESEEN and _points(turn):
        return [Move("utter_nothing_shown"), *back.way_back(turn)]
    _close_question(turn, journey, waiting.about["question"], how, turn.heard.text)
    moved = beliefs.hear(turn, journey)
    heard = reflection(turn, journey, moved)
    return [*(heard or [_noted(turn, journey, how)]), *go_on(turn, journey)]


def _points(turn: Turn) -> bool:
    """Tell whether a message is about options, none of which was shown yet."""
    marks = [mark for mark in turn.heard.of("reference") if "index" in mark.value]
    return bool(marks) and turn.heard.confidence >= CLEAR


def _noted(turn: Turn, journey: Journey, how: str) -> Move:
    """Keep what was said instead of an answer: as wishes, else in its words."""
    wishes = wishes_of(turn, journey) if turn.heard.intent == WISH else []
    if wishes:
        keep_wishes(turn, journey, wishes)
        return Move("utter_wish_noted")
    return Move(f"utter_{how}_answer", {"said": quote(turn.heard.text)})


def _volunteered(turn: Turn, journey: Journey) -> list[Move] | None:
    """Read an answer to a question of the need that was not put yet."""
    if journey.need is None:
        return None
    language = turn.knowledge.language(turn.heard.language)
    for question in _still_open(turn, journey, situation_of(turn, journey)):
        given = answers.read(question, turn.heard, language)
        if given and answers.fit(given, turn.heard.text) >= VOLUNTEERED:
            return accept(turn, journey, question, given)
    return None


def _how(turn: Turn) -> str | None:
    """Return how a question was left: not known, not answered, or answered anew."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("unsure", turn.heard.text) >= HALF:
        return "unsure"
    if turn.heard.intent in ("deny", "refuse_option"):
        return "refused"
    lost = turn.heard.intent == "out_of_scope" and turn.heard.confidence >= CLEAR
    return None if lost else UNFORESEEN


def _close_question(
    turn: Turn, journey: Journey, question: str, given: str, title: str
) -> None:
    rows = {row.question: row for row in asked_in(turn, journey)}
    row = rows.get(question) or Asked(
        journey_id=journey.id, question=question, asked_at=turn.now
    )
    row.answer, row.answered_at = given, turn.now
    turn.session.add(row)
    log.write(
        turn.session,
        turn.heard,
        "question_answered",
        journey=journey,
        question=question,
        answer=given,
        said=say.said(turn, title),
    )
