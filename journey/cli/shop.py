"""Commands for the shop's owner: its orders and returns, and its own system."""

import os
from datetime import UTC, datetime

import click
from sqlalchemy import select

from journey.cli.settings import Settings, shop_of
from journey.orders.deliveries import note_payment, settle_delivery
from journey.orders.orders import (
    OrderError,
    Status,
    advance,
    find_number,
    items_of,
    total,
)
from journey.orders.policies import load_policies
from journey.orders.returns import State, advance_return
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Order, OrderItem, Return


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(order)
    group.add_command(returned)


@click.group()
def order() -> None:
    """Look at orders and move them on."""


@order.command("list")
@click.pass_obj
def list_orders(settings: Settings) -> None:
    """List the orders, newest first."""
    with reading(open_engine(settings.database_url)) as session:
        for row in session.scalars(select(Order).order_by(Order.number.desc())):
            items = ", ".join(
                f"{item.quantity} x {item.product_id}"
                for item in items_of(session, row)
            )
            click.echo(f"{row.number}  {row.status:10} {total(session, row)}  {items}")


@order.command("status")
@click.argument("number", type=int)
@click.argument("status", type=click.Choice([status.value for status in Status]))
@click.pass_obj
def move_order(settings: Settings, number: int, status: str) -> None:
    """Move an order to its next status."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        row = find_number(session, number)
        if row is None:
            raise click.ClickException(f"no order has the number {number}")
        try:
            now = datetime.now(UTC)
            advance(session, row, Status(status), now, by="owner")
            settle_delivery(session, row, now)
        except OrderError as error:
            raise click.ClickException(str(error)) from error


@order.command("paid")
@click.argument("number", type=int)
@click.pass_obj
def pay_order(settings: Settings, number: int) -> None:
    """Note that an order was paid: its day is promised, a cancellation refunded."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        row = find_number(session, number)
        if row is None:
            raise click.ClickException(f"no order has the number {number}")
        policies = load_policies(settings.data / "catalogue" / "policies.yml")
        workdays = policies.delivery.workdays
        note_payment(session, row, workdays, datetime.now(UTC))


@click.group("return")
def returned() -> None:
    """Look at returns and move them on."""


@returned.command("list")
@click.pass_obj
def list_returns(settings: Settings) -> None:
    """List the returns, newest first: order, pieces, reason and refund."""
    query = (
        select(Return, OrderItem, Order)
        .join(OrderItem, OrderItem.id == Return.item_id)
        .join(Order, Order.id == OrderItem.order_id)
        .order_by(Return.requested_at.desc())
    )
    with reading(open_engine(settings.database_url)) as session:
        for row, item, order in session.execute(query):
            click.echo(
                f"{order.number}/{item.number}  {row.state:9} {row.refund}  "
                f"{row.quantity} x {item.product_id}  {row.reason}"
            )


@returned.command("status")
@click.argument("line")
@click.argument("state", type=click.Choice(["received", "refunded"]))
@click.pass_context
def move_return(context: click.Context, line: str, state: str) -> None:
    """Move a return on; LINE is order/line, as `coach return list` shows it."""
    settings: Settings = context.obj
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        number, _, place = line.partition("/")
        query = (
            select(Return)
            .join(OrderItem, OrderItem.id == Return.item_id)
            .join(Order, Order.id == OrderItem.order_id)
            .where(Order.number == _number(number), OrderItem.number == _number(place))
        )
        row = session.scalar(query)
        if row is None:
            raise click.ClickException(f"no return is called {line}")
        now = datetime.now(UTC)
        try:
            if state == State.REFUNDED:
                shop_of(os.environ).repay(session, row, now)
            else:
                advance_return(session, row, State(state), now)
        except OrderError as error:
            raise click.ClickException(str(error)) from error


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
