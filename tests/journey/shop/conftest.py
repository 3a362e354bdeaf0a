from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from journey.catalogue.products import store_products
from journey.knowledge import Knowledge
from journey.language.speech import load_speech
from journey.learning.teaching import Teacher
from journey.orders.orders import items_of
from journey.shop.remote import RemoteShop
from journey.shop.runner import Runner
from journey.store.engine import Sessions, open_sessions
from journey.store.tables import Errand, Message, Order, OrderItem, Product
from journey.turn import Entity
from tests.journey.coach.shopping import HOME
from tests.journey.shop.platform import Scripted
from tests.journey.talking import START, Talk

CHAIR = "chair-lind-high"
ROOT = Path(__file__).parents[3]


@dataclass
class Counter:
    """A customer at a shop of another system; errands are run on command."""

    sessions: Sessions
    platform: Scripted
    runner: Runner
    talk: Talk
    number: int = 0

    def order(self, product: str = CHAIR, count: int = 1) -> list[str]:
        """Order something by talk, and leave the errand to be run."""
        more = [Entity("count", count, 0, 1)] if count > 1 else []
        self.talk.say("order_product", "that", Entity("product", product, 0, 4), *more)
        if self.talk.said[-1].response == "utter_ask_address":
            self.talk.say("share_situation", HOME)
        said = self.talk.say("affirm", "yes")
        self.talk.session.commit()
        return said

    def say(self, *heard: object) -> list[str]:
        said = self.talk.say(*heard)  # type: ignore[arg-type]
        self.talk.session.commit()
        return said

    def run(self, **later: float) -> int:
        """Run one errand, so much later."""
        self.talk.at += timedelta(**later)
        self.talk.session.commit()
        with self.sessions() as session:
            done = self.runner.run(session, now=self.talk.at, random=Random(0))
            session.commit()
        self.talk.session.expire_all()
        return done

    @property
    def placed(self) -> Order:
        return self.talk.session.scalars(select(Order)).one()

    @property
    def errands(self) -> list[Errand]:
        return list(self.talk.session.scalars(select(Errand).order_by(Errand.number)))

    @property
    def items(self) -> list[OrderItem]:
        return items_of(self.talk.session, self.placed)

    def told(self) -> list[str]:
        """Return what the customer was told by itself."""
        query = select(Message.text).where(Message.direction == "out")
        return list(self.talk.session.scalars(query.order_by(Message.created_at)))

    def stock(self, product: str = CHAIR) -> int:
        return self.talk.session.get_one(Product, product).stock


@pytest.fixture
def counter(engine: Engine, session: Session, knowledge: Knowledge) -> Counter:
    platform = Scripted()
    talk = Talk(session, knowledge, shop=RemoteShop(platform))
    store_products(session, knowledge.catalogue)
    session.execute(update(Product).values(external_id=Product.id))
    session.commit()
    runner = Runner(platform, Teacher(knowledge), load_speech(ROOT / "domain.yml"))
    assert talk.at == START
    return Counter(open_sessions(engine), platform, runner, talk)
