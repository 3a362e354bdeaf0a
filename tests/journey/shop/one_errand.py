"""`python -m tests.journey.shop.one_errand`: run one errand as the scheduler does."""

import os
from datetime import UTC, datetime
from random import Random

from journey.knowledge import load_knowledge
from journey.language.speech import load_speech
from journey.learning.teaching import Teacher
from journey.shop.runner import Runner
from journey.shop.settings import open_platform
from journey.store.engine import database_url, open_engine, open_sessions


def main() -> None:
    platform = open_platform(os.environ)
    assert platform
    runner = Runner(platform, Teacher(load_knowledge()), load_speech())
    with open_sessions(open_engine(database_url()))() as session:
        runner.run(session, now=datetime.now(UTC), random=Random(0))
        session.commit()


if __name__ == "__main__":
    main()
