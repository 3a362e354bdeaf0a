"""The work of mandates: plan the next order, announce it, place it when it is due."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from journey import log
from journey.coach.mandates import carrying
from journey.knowledge import Knowledge
from journey.mandates import executions, mandates, obstacles
from journey.mandates.executions import OPEN, State
from journey.mandates.mandates import State as Standing
from journey.mandates.obstacles import Obstacle
from journey.orders.baskets import PriceRose
from journey.orders.stock import OutOfStock
from journey.owner.ownership import Owner, locked
from journey.people.consent import Purpose, has_consent
from journey.proactive.plan import plan
from journey.shop.port import Shop
from journey.store.tables import Conversation, Execution, Mandate, Product
from journey.turn import Heard, Turn

logger = logging.getLogger(__name__)

AT_ONCE = 20
AGAIN = timedelta(minutes=10)
"""After so long it is tried again what failed, or what a person's talk held up."""


@dataclass(frozen=True)
class Minding:
    """Works over mandates and their executions; each step is one row's transaction."""

    knowledge: Knowledge
    shop: Shop

    def plan(self, session: Session, *, now: datetime, random: Random) -> int:
        """Plan the next order of each mandate that has none under way."""
        del random
        under_way = exists().where(
            Execution.mandate_id == Mandate.id, Execution.state.in_(OPEN)
        )
        query = (
            select(Mandate)
            .where(Mandate.state == Standing.ACTIVE, ~under_way)
            .order_by(Mandate.created_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = session.scalars(query).all()
        for mandate in rows:
            if _may(session, mandate, now):
                executions.plan_next(session, mandate, self.knowledge, now)
            else:
                mandates.pause_mandate(session, mandate, now)
        return len(rows)

    def act(self, session: Session, *, now: datetime, random: Random) -> int:
        """Do the next step of each execution whose time has come."""
        query = (
            select(Execution)
            .where(Execution.act_at <= now, Execution.state.in_(OPEN))
            .order_by(Execution.act_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = session.scalars(query).all()
        for execution in rows:
            try:
                with session.begin_nested():
                    self._step(session, execution, now, random)
            except Exception:
                logger.exception("the execution %s failed", execution.id)
                session.refresh(execution)
                execution.act_at = now + AGAIN
        return len(rows)

    def _step(
        self, session: Session, execution: Execution, now: datetime, random: Random
    ) -> None:
        mandate = session.get_one(Mandate, execution.mandate_id)
        if mandate.state != Standing.ACTIVE or not _may(session, mandate, now):
            executions.close(execution, State.SKIPPED, "no mandate any more", now)
        elif execution.state == State.PLANNED:
            self._announce(session, execution, mandate, now)
        elif execution.state == State.ANNOUNCED:
            self._order(session, execution, mandate, now, random)
        else:
            # Nobody heard the announcement, or nobody answered the question.
            executions.close(execution, State.SKIPPED, "nobody answered", now)
            _note(session, "mandate_skipped", execution, now, {"why": execution.why})

    def _announce(
        self, session: Session, execution: Execution, mandate: Mandate, now: datetime
    ) -> None:
        found = obstacles.obstacle(session, execution, mandate, self.knowledge)
        if found in (Obstacle.STOCK, Obstacle.GONE) and mandate.substitutes:
            other = obstacles.substitute(session, execution, mandate, self.knowledge)
            if other is not None:
                execution.product_id = other.id
                found = obstacles.obstacle(session, execution, mandate, self.knowledge)
        if found is not None:
            self._ask(session, execution, found, now)
            return
        execution.state, execution.act_at = State.ANNOUNCING, now + executions.PATIENCE
        _write(session, "mandate_announced", execution, now)

    def _ask(
        self, session: Session, execution: Execution, why: Obstacle, now: datetime
    ) -> None:
        obstacles.ask(execution, why, now)
        _write(session, "mandate_question", execution, now)

    def _order(
        self,
        session: Session,
        execution: Execution,
        mandate: Mandate,
        now: datetime,
        random: Random,
    ) -> None:
        """Place what was announced, unless something has changed since."""
        conversation = locked(session, str(execution.conversation_id))
        if conversation.owner != Owner.BOT:
            execution.act_at = now + AGAIN
            return
        found = obstacles.obstacle(session, execution, mandate, self.knowledge)
        if found is not None:
            self._ask(session, execution, found, now)
            return
        product = session.get_one(Product, execution.product_id)
        turn = Turn(
            session,
            _heard(execution, conversation, now),
            self.knowledge,
            random,
            self.shop,
        )
        try:
            with session.begin_nested():
                carrying.place(turn, execution, product)
        except (OutOfStock, PriceRose) as error:
            why = Obstacle.STOCK if isinstance(error, OutOfStock) else Obstacle.PRICE
            session.refresh(execution)
            self._ask(session, execution, why, now)
        else:
            _write(session, "mandate_ordered", execution, now)


def _may(session: Session, mandate: Mandate, now: datetime) -> bool:
    return has_consent(session, mandate.customer_id, Purpose.MANDATE, now)


def _write(session: Session, kind: str, execution: Execution, now: datetime) -> None:
    """Plan the message to the customer; a question may come up more than once."""
    again = int(now.timestamp()) if kind == "mandate_question" else 0
    plan(
        session,
        kind,
        customer_id=execution.customer_id,
        once=f"{execution.id}:{again}",
        due_at=now,
        now=now,
        about={"execution": execution.id},
    )


def _note(
    session: Session,
    kind: str,
    execution: Execution,
    now: datetime,
    payload: Mapping[str, str | None],
) -> None:
    about = {"execution": execution.id, "product": execution.product_id}
    log.append(
        session,
        kind,
        at=now,
        customer_id=execution.customer_id,
        payload={**about, "mandate": execution.mandate_id, **payload},
    )


def _heard(execution: Execution, conversation: Conversation, now: datetime) -> Heard:
    """Return what the coach answers to, when it acts of itself."""
    return Heard(
        message_id=execution.id,
        conversation_id=conversation.id,
        customer_id=execution.customer_id,
        channel=conversation.channel,
        text="",
        intent="mandate",
        confidence=1.0,
        at=now,
        owner_version=conversation.owner_version,
        language=conversation.language,
    )
