"""Time of taking in one purchase, in a model of when things are needed again.

    .venv/bin/python -m benchmarks.observe [--customers 60]

Half of a year and a half of made-up purchases warm the model and fit its weights; timed
is `DueModel.observe` on each of the others, its own questions and answers included.
"""

import argparse
from random import Random

from benchmarks.yardstick import Spent
from journey.learning.due import DueModel

DAYS, PRODUCTS, EACH = 540, 300, 5


def history(customers: int, random: Random) -> list[tuple[str, str, float]]:
    """Return purchases in time order: each customer's things, each in its rhythm."""
    found = []
    for customer in range(customers):
        for product in random.sample(range(PRODUCTS), EACH):
            at, gap = random.uniform(0, 60), 10 + product % 35
            while at < DAYS:
                found.append((f"c{customer}", f"p{product}", at))
                at += gap * random.lognormvariate(0, 0.3)
    return sorted(found, key=lambda purchase: purchase[2])


def main() -> None:
    """Print how many were timed, the median and the 99th percentile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=60)
    purchases = history(parser.parse_args().customers, Random(0))
    half = len(purchases) // 2
    model, spent = DueModel(), Spent()
    model.warm(purchases[:half])
    for customer, product, at in purchases[half:]:
        with spent.timed():
            model.observe(customer, product, at)
    print(f"{len(purchases) - half} purchases: {spent.told()}")


if __name__ == "__main__":
    main()
