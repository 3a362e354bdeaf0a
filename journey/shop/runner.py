"""Runs errands: claims one, asks the platform outside of any transaction, finishes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.language.speech import Speech
from journey.learning.teaching import Teacher
from journey.shop import changes, errands
from journey.shop.errands import Claim, Kind, State
from journey.shop.finishing import Answer, Finish
from journey.shop.news import News
from journey.shop.platform import Down, Platform, Refused
from journey.shop.wanted import changed, wanted_of
from journey.store.tables import OrderItem, Return

logger = logging.getLogger(__name__)

SOON, LATEST = timedelta(seconds=3), timedelta(minutes=15)
"""Until the next try; the wait doubles each time."""
PATIENCE = timedelta(minutes=1)
"""After so long a customer hears that it takes long."""
GIVE_UP = {
    Kind.PLACE: timedelta(hours=2),
    Kind.CHANGE: timedelta(hours=2),
    Kind.REPAY: timedelta(days=3),
    Kind.LOOK: timedelta(hours=2),
}
HEARD = (Kind.PLACE, Kind.CHANGE)
"""What a customer waits to hear of."""
Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Work:
    """A claimed errand, and the moment in which it is run."""

    session: Session
    claim: Claim
    now: datetime
    random: Random

    def __str__(self) -> str:
        """Name it as the log does."""
        errand, order = self.claim.errand, self.claim.order
        return f"errand {errand.number} ({errand.kind}) of order {order.number}"


@dataclass(frozen=True)
class Runner:
    """Runs what is due for one platform; several may run over the same rows."""

    platform: Platform
    teacher: Teacher
    speech: Speech

    def run(self, session: Session, *, now: datetime, random: Random) -> int:
        """Run one errand; return how many there were."""
        claim = errands.claim(session, now)
        if claim is None:
            return 0
        work = Work(session, claim, now, random)
        try:
            ask = self._prepare(work, self.teacher.knowledge(session))
            # Nothing is asked while anybody could wait for this transaction.
            session.commit()
            self._finish(work, ask())
        except (Refused, ValueError) as error:
            refused = error if isinstance(error, Refused) else Refused(str(error))
            self._finish(work, refused)
        except Down as error:
            self._later(work, error)
        return 1

    def _prepare(self, work: Work, knowledge: Knowledge) -> Ask:
        """Return the call to make, with everything that it needs.

        Raises:
            ValueError: the order has something that the platform does not know.
        """
        errand, order = work.claim.errand, work.claim.order
        ref = order.external_id or ""
        if errand.kind == Kind.REPAY:
            return self._repaying(work, ref)
        if errand.kind == Kind.LOOK:
            return lambda: self.platform.look(ref)
        wanted = wanted_of(work.session, order, knowledge, errand.made_at)
        if errand.kind == Kind.PLACE:
            return lambda: self.platform.place(wanted)
        after = changed(wanted, changes.read(errand.about), knowledge)
        if after is wanted or not any(line.quantity for line in after.lines):
            return lambda: self.platform.cancel(ref, wanted)
        return lambda: self.platform.alter(ref, after)

    def _repaying(self, work: Work, ref: str) -> Ask:
        row = work.session.get_one(Return, work.claim.errand.about["return"])
        item = work.session.get_one(OrderItem, row.item_id)
        lines = {item.external_id or "": row.quantity}
        amount, key = row.refund, f"return:{row.id}"
        return lambda: self.platform.repay(ref, lines, amount, key)

    def _later(self, work: Work, error: Down) -> None:
        errand, kind = work.claim.errand, Kind(work.claim.errand.kind)
        age = work.now - errand.made_at
        if age >= GIVE_UP[kind]:
            self._finish(work, Refused(f"given up: {error}"))
            return
        wait = error.after or min(SOON * 2 ** min(errand.attempts, 10), LATEST)
        at = work.now + wait * work.random.uniform(1, 1.3)
        logger.warning("%s: %s", work, error)
        tells = age >= PATIENCE and errand.told_at is None and kind in HEARD
        if errands.retry(work.session, work.claim, at, str(error)) and tells:
            self._end(work).say_slow()

    def _finish(self, work: Work, answer: Answer | Refused) -> None:
        """Write down what came of an errand, unless somebody else has it by now."""
        failed = isinstance(answer, Refused)
        if failed:
            logger.error("%s: %s", work, answer)
        state = State.FAILED if failed else State.DONE
        failure = str(answer) if failed else None
        if errands.close(work.session, work.claim, state, work.now, failure):
            self._end(work).take(answer)

    def _end(self, work: Work) -> Finish:
        session, order = work.session, work.claim.order
        session.refresh(order, with_for_update=True)
        knowledge = self.teacher.knowledge(session)
        news = News(session, order, knowledge, self.speech, work.random, work.now)
        return Finish(session, work.claim.errand, order, news, work.now)
