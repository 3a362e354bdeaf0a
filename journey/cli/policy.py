"""What another policy would have earned."""

import click
from sqlalchemy.orm import Session

from journey.cli.check import evaluate as group_of_measures
from journey.cli.settings import Settings
from journey.learning.offpolicy import Policy, evaluate, policy_of, read_draws
from journey.learning.weights import Weights, serving_model, weights_by_name
from journey.store.engine import open_engine, reading


def register(group: click.Group) -> None:
    """Add these commands to the group of measures."""
    del group
    group_of_measures.add_command(evaluate_policy)


@click.command("policy")
@click.argument("models", nargs=-1)
@click.pass_obj
def evaluate_policy(settings: Settings, models: tuple[str, ...]) -> None:
    """Estimate what other policies would have earned in the slot that explores.

    MODELS are names such as terms-2; without any, what serves stands beside no
    learning at all. A figure is the share of what was shown there that was chosen.
    """
    with reading(open_engine(settings.database_url)) as session:
        draws = read_draws(session)
        if not draws:
            raise click.ClickException("no shortlist was drawn yet: nothing to weigh")
        click.echo(
            f"draws: {len(draws)}, customers: {len({x.customer for x in draws})}"
        )
        for name, policy in _policies(session, models).items():
            click.echo(name)
            for how, found in evaluate(draws, policy).items():
                interval = f"[{found.low:.4f}, {found.high:.4f}]"
                click.echo(f"  {how:10} {found.value:.4f}  95 % {interval}")


def _policies(session: Session, models: tuple[str, ...]) -> dict[str, Policy]:
    known = weights_by_name(session)
    unknown = [name for name in models if name not in known]
    if unknown:
        names = ", ".join(sorted(known))
        raise click.ClickException(f"no model {unknown[0]!r}: there are {names}")
    serving = serving_model(session)
    nothing = Weights(**dict.fromkeys(Weights().stored(), 0.0))
    wanted = {name: known[name] for name in models} or {
        f"what serves ({serving.id})": serving.weights,
        "no learning": nothing,
    }
    return {name: policy_of(session, weights) for name, weights in wanted.items()}
