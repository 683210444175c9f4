"""A Dask cluster makes the letters that this machine would, whatever becomes of its workers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import pytest
from clusters import Cluster, starting
from conftest import DATE, ROOT, SENDER, Outcome
from test_objects import bucket, server, tree_of  # noqa: F401  # fixtures

from letter_kit import (
    BatchResult,
    InputError,
    Limits,
    SetupError,
    load_campaign,
    load_recipients,
    load_sender,
    run_batch,
)
from letter_kit.batch.fingerprint import mailing_fingerprint
from letter_kit.batch.making import Plan, begin
from letter_kit.engines import Order
from letter_kit.engines.cluster import DaskEngine
from letter_kit.frames import load_frame
from letter_kit.mailing import Mailing

pytestmark = pytest.mark.xdist_group("cluster")
HEADER = "office,gender,country,family_name,language\n"


class Sleeper:
    """Work for an engine: it sleeps as long as it is told, keeps count in files, or dies."""

    def __init__(self, given: tuple[str, bytes]) -> None:
        self._folder = Path(given[0])

    def expect(self, items: Sequence[float]) -> None:
        pass

    def do(self, item: float) -> float:
        if item < 0:
            os.kill(os.getpid(), signal.SIGSEGV)
        if item > 100:
            raise SetupError.of("the disk is full")
        time.sleep(item)
        (self._folder / f"{os.getpid()}-{time.monotonic_ns()}").touch()
        return item

    def settle(self) -> None:
        pass


def order(folder: Path, ballast: bytes = b"") -> Order:
    return Order(Sleeper, (str(folder), ballast))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with starting(tmp_path_factory.mktemp("cluster"), workers=2) as cluster:
        yield cluster


@pytest.fixture
def letters(tmp_path: Path) -> Callable[..., BatchResult]:
    """Write letters to so many rows of which every 50th is wrong."""

    def write(out: str, rows: int, **more: Any) -> BatchResult:
        lines = (f"mayor,f,{'Utopia' if n % 50 == 9 else 'SN'},Fall-{n},fr\n" for n in range(rows))
        (tmp_path / "list.csv").write_text(HEADER + "".join(lines), "utf-8")
        return run_batch(
            load_campaign(ROOT / "campaigns" / "un2020"),
            load_recipients(tmp_path / "list.csv"),
            load_sender(SENDER),
            tmp_path / out,
            date=DATE,
            **more,
        )

    return write


def tree(folder: Path) -> dict[str, bytes]:
    """The files that a person sees."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".letter-kit")
    }


def test_a_worker_that_is_killed_costs_nothing(
    letters: Callable[..., BatchResult], tmp_path: Path
) -> None:
    for form, rows in (("markdown", 300), ("pdf", 20)):
        letters(f"local-{form}", rows, formats=(form,))
    with starting(tmp_path / "cluster", workers=1) as cluster:
        for form, rows in (("markdown", 300), ("pdf", 20)):
            victim = cluster.add_worker()
            kill_once = iter([victim.kill])

            def kill(*row: Any, kill_once: Any = kill_once) -> None:
                for kill in kill_once:
                    kill()

            scheduler = cluster.address
            result = letters(
                f"dask-{form}", rows, formats=(form,), scheduler=scheduler, on_row=kill
            )
            assert victim.wait(5) == -signal.SIGKILL
            assert result.rows == result.done + result.failed == rows
            assert tree(tmp_path / f"dask-{form}") == tree(tmp_path / f"local-{form}")
        assert "Fall-" not in "".join(map(cluster.said, ("scheduler", "worker-0")))


def test_a_killed_workers_own_processes_end_with_it(tmp_path: Path) -> None:
    with (
        starting(tmp_path / "cluster", workers=1) as cluster,
        DaskEngine(order(tmp_path), cluster.address) as engine,
    ):
        outcomes = engine.run([[0.0], [2.0]])
        next(outcomes)
        worker = cluster.workers[0]
        children = psutil.Process(worker.pid).children(recursive=True)
        assert children
        worker.kill()
        worker.wait()
        cluster.add_worker()
        outcomes.close()
        for child in children:
            child.wait(timeout=10)


def test_an_item_that_kills_its_process_costs_only_itself(cluster: Cluster, tmp_path: Path) -> None:
    items = [0.0, 0.0, -1.0, 0.0, 60.0, 0.0]
    limits = Limits(seconds=0.1)
    with DaskEngine(order(tmp_path), cluster.address, limits=limits) as engine:
        outcomes = list(engine.run([items, [0.0]]))
    lost = {outcome.item: str(outcome.lost) for outcome in outcomes if outcome.lost}
    assert sorted(lost) == [-1.0, 60.0]
    assert "SIGSEGV" in lost[-1.0]
    assert "did not end within 0.1 s" in lost[60.0]
    assert [outcome.result for outcome in outcomes if not outcome.lost] == [0.0] * 5


def test_what_stands_in_the_way_of_a_worker_ends_the_run(cluster: Cluster, tmp_path: Path) -> None:
    with (
        DaskEngine(order(tmp_path), cluster.address) as engine,
        pytest.raises(SetupError, match="the disk is full"),
    ):
        list(engine.run([[0.0], [101.0]]))


def test_a_run_that_is_stopped_ends_soon_and_tells_all_that_was_done(
    cluster: Cluster, tmp_path: Path
) -> None:
    stopped_at = 0.0

    def stopping() -> bool:
        nonlocal stopped_at
        if not stopped_at and len(list(tmp_path.iterdir())) > 20:
            stopped_at = time.monotonic()
        return stopped_at > 0

    with DaskEngine(order(tmp_path), cluster.address) as engine:
        told = len(list(engine.run(([0.1] * 1000 for _ in range(1000)), stopping)))
    assert time.monotonic() - stopped_at < 10
    assert 20 < told == len(list(tmp_path.iterdir()))


def test_the_command_stops_within_ten_seconds_and_goes_on_later(
    cluster: Cluster, tmp_path: Path
) -> None:
    rows = "".join(f"foreign_minister,f,SN,Fall-{n},fr\n" for n in range(300))
    (tmp_path / "list.csv").write_text(HEADER + rows, "utf-8")
    command = [
        sys.executable, "-m", "letter_kit", "batch", "un2020", "list.csv", "--from", str(SENDER),
        "--out", "out", "--format", "html", "--date", str(DATE), "--engine", "dask",
        "--scheduler", cluster.address,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
    while len(list((tmp_path / "out").glob("*.html"))) < 20:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert (process.returncode, said.decode().strip()) == (130, "Interrupted.")
    made = len(list((tmp_path / "out").glob("*.html")))
    assert (tmp_path / "out" / "manifest.csv").read_text("utf-8").count(".html") == made < 300
    again = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True
    )
    assert (again.returncode, again.stderr) == (0, "")
    assert f"300 done ({made} were there already)" in again.stdout


def test_a_scheduler_that_dies_ends_the_run_which_is_resumed(
    letters: Callable[..., BatchResult], cluster: Cluster, tmp_path: Path
) -> None:
    with starting(tmp_path / "cluster", workers=1) as doomed:

        def kill(*row: Any) -> None:
            doomed.scheduler.kill()

        began = time.monotonic()
        with pytest.raises(SetupError, match="does not answer any more"):
            letters("out", 300, formats=("markdown",), scheduler=doomed.address, on_row=kill)
        assert time.monotonic() - began < 20
    result = letters("out", 300, formats=("markdown",), scheduler=cluster.address)
    assert (result.rows, result.failed) == (300, 6)
    assert 0 < result.kept < 294


def test_letters_that_workers_lay_in_a_bucket_are_those_of_a_folder(
    letters: Callable[..., BatchResult],
    bucket: str,  # noqa: F811  # a fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    letters("local", 40, formats=("markdown",))
    with starting(tmp_path / "cluster", workers=1) as cluster:
        command = [
            sys.executable, "-m", "letter_kit", "batch", str(ROOT / "campaigns" / "un2020"),
            "list.csv", "--from", str(SENDER), "--out", f"{bucket}/x", "--format", "markdown",
            "--date", str(DATE), "--engine", "dask", "--scheduler", cluster.address,
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "distributed" in done.stderr) == (1, False), done.stderr
    assert tree_of(f"{bucket}/x") == tree(tmp_path / "local")


def test_a_large_order_goes_to_a_worker_once(cluster: Cluster, tmp_path: Path) -> None:
    ballast = os.urandom(1_000_000) * 40
    with DaskEngine(order(tmp_path, ballast), cluster.address) as engine:
        outcomes = engine.run([0.0] for _ in range(108))
        list(islice(outcomes, 8))  # both workers have it by now
        began = time.monotonic()
        assert len(list(outcomes)) == 100
    assert time.monotonic() - began < 10  # sent with each chunk, it would take half a minute


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("tcp://127.0.0.1:9", SetupError, "no Dask scheduler answers at tcp://127.0.0.1:9"),
        ("tls://127.0.0.1:9", SetupError, "needs certificates"),
        ("localhost", InputError, "expected an address such as tcp://host:8786"),
        ("tcp://host", InputError, "expected an address such as tcp://host:8786"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, kind: type, said: str
) -> None:
    monkeypatch.setattr("letter_kit.engines.cluster._SECONDS_TO_CONNECT", 1)
    with pytest.raises(kind, match=said):
        DaskEngine(order(tmp_path), address)


def test_a_cluster_without_workers_is_told(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letter_kit.engines.cluster._PATIENCE", 0.5)
    with (
        starting(tmp_path / "cluster", workers=0) as empty,
        DaskEngine(order(tmp_path), empty.address) as engine,
        pytest.raises(SetupError, match="no worker"),
    ):
        list(engine.run([[0.0]]))


def test_the_extra_that_is_missing_is_named(
    run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = run(
        "batch", "un2020", "sample", "--from", SENDER, "--out", "out", "--engine", "dask",
        "--scheduler", "tcp://127.0.0.1:9",
    )  # fmt: skip
    assert (done.code, "pip install 'letter-kit[cluster]'" in done.err) == (3, True)


def test_a_worker_that_would_make_other_letters_refuses(tmp_path: Path) -> None:
    campaign, sender = load_campaign("un2020"), load_sender(SENDER)
    mailing = Mailing(campaign, sender, DATE, ("markdown",), load_frame("classic"))
    same = mailing_fingerprint(mailing, "{row}")
    begin(Plan(mailing, same, "{row}", out=None))
    with pytest.raises(SetupError, match="would make other letters"):
        begin(Plan(mailing, b"another version's", "{row}", out=None))
    with pytest.raises(SetupError, match="does not see the folder"):
        begin(Plan(mailing, same, "{row}", out=str(tmp_path)))


def test_the_page_on_scale_takes_its_figures_from_the_benchmark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from letter_kit.batch import run

    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import costs
    import scale

    page = scale.PAGE.read_text("utf-8")
    figures = page.partition(scale.BEGIN)[2].partition(scale.END)[0]
    assert all(f"| {letters:,} | {form} |" in figures for letters in costs.LETTERS
               for form in costs.FORMATS)  # fmt: skip
    assert set(costs.CHUNK.values()) == {run._TEXT_CHUNK, run._PAGE_CHUNK}
