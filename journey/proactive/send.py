"""Sending what is due: a row and its message are finished in one transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log, pending
from journey.knowledge import Knowledge
from journey.language.speech import Speech, content_of
from journey.messages import buttons, outbox
from journey.messages.outbox import Reply
from journey.proactive.moment import choose, habits_of
from journey.proactive.plan import State
from journey.proactive.rules import Allowed, Drop, Later, judge
from journey.proactive.wishes import Wishes, wishes_of
from journey.shop.port import Shop
from journey.store.tables import Conversation, Customer, Proactive
from journey.turn import Heard, Move, Turn

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""So many rows are finished in one transaction."""
AGAIN = timedelta(minutes=5)
FRESH = timedelta(hours=1)
"""So long it may lie in the outbox: who comes back later asks the rules again."""
FAILURES = 5
"""After so many failures a row is given up; the log says why."""
ABOUT = "proactive"
"""Where what is waited for says which of our messages the customer answers."""
INTENT = "proactive"
"""What a turn is called that no customer's message began."""

Composer = Callable[[Turn, Proactive], list[Move] | None]
"""Returns what to say, or None when there is no reason to say it any more."""


@dataclass(frozen=True)
class Sending:
    """What sending needs besides the database."""

    knowledge: Knowledge
    speech: Speech
    composers: Mapping[str, Composer]
    shop: Shop

    def run(self, session: Session, *, now: datetime, random: Random) -> int:
        """Finish the rows that are due; return how many."""
        query = (
            select(Proactive)
            .where(Proactive.state == State.PLANNED, Proactive.due_at <= now)
            .order_by(Proactive.due_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = session.scalars(query).all()
        for row in rows:
            self._finish(session, row, now, random)
        return len(rows)

    def _finish(
        self, session: Session, row: Proactive, now: datetime, random: Random
    ) -> None:
        """Finish one row; one that fails leaves nothing and holds up no other."""
        try:
            with session.begin_nested():
                self._judge(session, row, now, random)
        except Exception as error:
            logger.exception("the message %s (%s) failed", row.id, row.kind)
            session.refresh(row)
            row.failures += 1
            row.due_at, row.why = now + AGAIN * 2**row.failures, repr(error)[:200]
            if row.failures >= FAILURES:
                row.state = State.DROPPED

    def _judge(
        self, session: Session, row: Proactive, now: datetime, random: Random
    ) -> None:
        customer = session.get_one(Customer, row.customer_id)
        zone = self.knowledge.policies.people.timezone
        wishes = wishes_of(session, customer, zone)
        found = judge(
            session, row, wishes, now, templated=row.kind in self.knowledge.templates
        )
        if isinstance(found, Allowed):
            end = self._send(session, row, wishes, found, now, random)
        else:
            end = found
        if isinstance(end, Later):
            row.due_at, row.why = end.at, end.why
        elif isinstance(end, Drop):
            drop(session, row, end.why, now)

    def _send(
        self,
        session: Session,
        row: Proactive,
        wishes: Wishes,
        allowed: Allowed,
        now: datetime,
        random: Random,
    ) -> Later | Drop | None:
        """Send it in the best conversation, unless another hour is better."""
        habits = habits_of(session, row.customer_id, wishes, now)
        by_channel = {x.channel: x for x in _newest_last(allowed.conversations)}
        until = now if row.timed else row.expires_at
        moment = choose(
            habits, list(by_channel), wishes, now=now, until=until, random=random
        )
        if moment.at > now:
            row.timed = True
            return Later(moment.at, "a better hour")
        conversation = by_channel[moment.channel]
        heard = heard_of(row, conversation, now)
        turn = Turn(session, heard, self.knowledge, random, self.shop)
        moves = self.composers[row.kind](turn, row)
        if not moves:
            return Drop("no reason any more")
        quiet = wishes.quiet.next_quiet(now)
        until = min(now + FRESH, quiet) if quiet else now + FRESH
        self._put(turn, row, conversation, moves, until)
        row.channel, row.hour = moment.channel, now.astimezone(wishes.quiet.zone).hour
        _note(turn, row)
        return None

    def _put(
        self,
        turn: Turn,
        row: Proactive,
        conversation: Conversation,
        moves: list[Move],
        until: datetime,
    ) -> None:
        """Put one message into the outbox, whatever number of moves it has."""
        text = "\n\n".join(self.speech.say(move, turn.random) for move in moves)
        pressable = [
            {"title": title, "token": _token(turn, title, payload)}
            for move in moves
            for title, payload in move.buttons
        ]
        content = content_of(moves) | ({"buttons": pressable} if pressable else {})
        if template := self.knowledge.templates.get(row.kind):
            content = content | {"template": template.filled(moves)}
        outbox.put(
            turn.session,
            conversation.id,
            Reply(text, content),
            number=0,
            answers_id=None,
            owner_version=conversation.owner_version,
            now=turn.now,
            once=row.id,
            until=until,
        )
        waiting = pending.row(turn)
        waiting.about = {**waiting.about, ABOUT: row.id}
        row.state, row.sent_at, row.why = State.OUT, turn.now, None
        row.conversation_id = conversation.id


def heard_of(row: Proactive, conversation: Conversation, now: datetime) -> Heard:
    """Return what the coach speaks to when nothing was heard."""
    return Heard(
        message_id=row.id,
        conversation_id=conversation.id,
        customer_id=row.customer_id,
        channel=conversation.channel,
        text="",
        intent=INTENT,
        confidence=1.0,
        at=now,
        owner_version=conversation.owner_version,
        language=conversation.language,
    )


def drop(session: Session, row: Proactive, why: str, now: datetime) -> None:
    """Give a message up, on record."""
    row.state, row.why = State.DROPPED, why
    log.append(
        session,
        "proactive_dropped",
        at=now,
        customer_id=row.customer_id,
        payload={"proactive": row.id, "of": row.kind, "why": why},
    )


def _note(turn: Turn, row: Proactive) -> None:
    log.write(
        turn.session,
        turn.heard,
        "proactive_sent",
        proactive=row.id,
        of=row.kind,
        channel=row.channel,
        hour=row.hour,
    )


def _newest_last(conversations: Sequence[Conversation]) -> list[Conversation]:
    return sorted(conversations, key=lambda x: x.active_at)


def _token(turn: Turn, title: str, payload: str) -> str:
    return buttons.issue(
        turn.session,
        turn.heard.conversation_id,
        title=title,
        payload=payload,
        now=turn.now,
    )
