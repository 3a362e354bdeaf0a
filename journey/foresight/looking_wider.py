"""The nightly look at what customers may come to need without having said so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.foresight.latent import hints
from journey.knowledge import Knowledge
from journey.people.consent import Purpose, has_consent
from journey.proactive.plan import plan
from journey.store.tables import Consent, Proactive

KIND = "may_need"
PAUSE = timedelta(days=30)
"""So long after one such message there is no other one."""


@dataclass(frozen=True)
class LookingWider:
    """Looks at everybody who agreed to hear of it."""

    knowledge: Knowledge

    def look(self, session: Session, *, now: datetime, random: Random) -> int:
        """Plan a message where something is likely; each is committed by itself."""
        del random
        agreed = select(Consent.customer_id).where(
            Consent.purpose == Purpose.MAY_NEED, Consent.granted
        )
        for customer_id in session.scalars(agreed.distinct()).all():
            if self._plan(session, customer_id, now):
                session.commit()
        return 0

    def _plan(self, session: Session, customer_id: str, now: datetime) -> bool:
        if not has_consent(session, customer_id, Purpose.MAY_NEED, now):
            return False
        lately = select(Proactive.id).where(
            Proactive.customer_id == customer_id,
            Proactive.kind == KIND,
            Proactive.created_at > now - PAUSE,
        )
        if session.scalar(lately.limit(1)) is not None:
            return False
        for hint in hints(session, customer_id, self.knowledge, now)[:1]:
            plan(
                session,
                KIND,
                customer_id=customer_id,
                once=f"{hint.thing}:{now:%Y-%m}",
                due_at=now,
                now=now,
                about={"thing": hint.thing},
            )
            return True
        return False
