import os
import signal
import socket

import pytest
from click import ClickException

from journey.cli.settings import read_settings
from journey.cli.start import check_ports, is_free, is_healthy, stop_on_signals


def test_check_ports_names_the_one_in_use(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environ = {"COACH_BOT_PORT": port}
        settings = read_settings(environ, tmp_path_factory.getbasetemp())
        with pytest.raises(
            ClickException, match=f"port {port} is in use.*COACH_BOT_PORT"
        ):
            check_ports(settings)
        assert not is_free(int(port))


def test_is_healthy_is_false_when_nobody_answers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert not is_healthy(f"http://127.0.0.1:{port}/health")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_stop_on_signals_ends_as_ctrl_c_does(ending: signal.Signals) -> None:
    before = signal.getsignal(ending)
    try:
        stop_on_signals()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), ending)
            signal.pause()
    finally:
        signal.signal(ending, before)
