"""Letters go to an object store as they go to a folder: whole, once, and accounted for."""

import csv
import io
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import DATE, ROOT, SENDER, Outcome

from letter_kit import (
    InputError,
    SetupError,
    batch_status,
    load_campaign,
    load_recipients,
    load_sender,
    run_batch,
)
from letter_kit.output import open_bucket, open_store

Run = Callable[..., Outcome]
pytestmark = pytest.mark.xdist_group("objects")
LIST = """\
id,office,gender,country,family_name,language
a,foreign_minister,f,SN,Fall,fr
b,body,,,,fr
c,foreign_minister,m,GH,Àddo O'Neil & Łódź / 日本,en
"""
ENVIRONMENT = {
    "AWS_ALLOW_HTTP": "true",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "NO_PROXY": "127.0.0.1",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new bucket, with all that is needed to use it in the environment."""
    host, port = server.get_host_and_port()
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT": f"http://{host}:{port}"}.items():
        monkeypatch.setenv(name, value)
    name = f"b{uuid4().hex}"
    making = urllib.request.Request(f"http://{host}:{port}/{name}", method="PUT")
    urllib.request.urlopen(making).close()  # noqa: S310  # the test's own server
    return f"s3://{name}"


def batch(run: Run, out: str, *more: object, content: str = LIST) -> Outcome:
    Path("list.csv").write_text(content, "utf-8")
    return run(
        "batch", "un2020", "list.csv", "--from", SENDER, "--date", "2019-09-03",
        "--format", "markdown", "--format", "html", "--jobs", "1", "--out", out, *more,
    )  # fmt: skip


def tree_of(url: str) -> dict[str, bytes]:
    import obstore

    store: Any = open_store(url)
    names = [found["path"] for page in obstore.list(store._store) for found in page]
    return {name: store.read(name) for name in names}


def tree(folder: str) -> dict[str, bytes]:
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if not path.name.startswith(".")
    }


def account(url: str) -> list[dict[str, str]]:
    text = open_store(url).read("manifest.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_bucket_holds_what_a_folder_would(run: Run, bucket: str) -> None:
    done = batch(run, f"{bucket}/a run/été/")
    assert (done.code, f"4 files in {bucket}/a run/été/" in done.out) == (1, True), done.err
    assert batch(run, "folder").code == 1
    found = tree_of(f"{bucket}/a run/été")
    assert found == tree("folder")
    assert {"manifest.csv", "failed.csv", "00001-SN-Fall.md"} < found.keys()
    assert any("Łódź" in name and name.endswith(".html") for name in found)


def test_a_second_run_makes_what_is_missing_or_damaged_and_nothing_else(
    run: Run, bucket: str
) -> None:
    batch(run, bucket)
    before = tree_of(bucket)
    again = batch(run, bucket)
    assert "2 done (2 were there already), 1 failed, 0 skipped: 3 rows, 0 files" in again.out
    (folder,) = (path for path in Path().iterdir() if path.is_dir())
    store = open_store(bucket)
    store.remove("00001-SN-Fall.md")
    store.put("00001-SN-Fall.html", b"damaged", "")
    store.settle()
    status = run("status", folder, "--verify")
    assert "missing: 00001-SN-Fall.md" in status.out
    assert "changed: 00001-SN-Fall.html" in status.out
    mended = batch(run, bucket)
    assert "2 done (1 were there already), 1 failed, 0 skipped: 3 rows, 2 files" in mended.out
    assert tree_of(bucket) == before
    whole = batch_status(folder, verify=True)
    assert (whole.missing, whole.changed, whole.files) == ((), (), 4)


def test_rows_that_are_mended_leave_no_account_of_failures(run: Run, bucket: str) -> None:
    batch(run, bucket)
    assert "failed.csv" in tree_of(bucket)
    assert batch(run, bucket, content=LIST.replace("body,,,", "mayor,f,SN,Ba")).code == 0
    assert "failed.csv" not in tree_of(bucket)


def test_what_others_laid_there_is_left_alone(run: Run, bucket: str) -> None:
    store = open_store(bucket)
    for name in ("00001-SN-Fall.md", "others/letter.md"):
        store.put(name, b"not ours", "")
    store.settle()
    assert batch(run, bucket).code == 1
    assert [row["status"] for row in account(bucket)] == ["failed", "failed", "done", "done"]
    assert store.read("00001-SN-Fall.md") == b"not ours"
    assert "00001-SN-Fall.html" not in tree_of(bucket)
    assert batch(run, bucket, "--force").code == 1
    assert store.read("00001-SN-Fall.md") != b"not ours"
    assert store.read("others/letter.md") == b"not ours"


def test_two_addresses_never_share_a_ledger(run: Run, bucket: str) -> None:
    batch(run, f"{bucket}/a/b")
    done = batch(run, f"{bucket}/a-b")
    assert (done.code, f"letters elsewhere: {bucket}/a/b" in done.err) == (2, True)
    assert not [name for name in tree_of(bucket) if name.startswith("a-b")]


@pytest.mark.parametrize(
    ("out", "code", "said"),
    [
        ("s3://there-is-none/x", 3, "Make the bucket first"),
        ("S3://bucket/x", 2, "Did you mean s3?"),
        ("ftp://bucket/x", 2, "expected s3://bucket/prefix"),
        ("s3://", 2, "expected s3://bucket/prefix"),
    ],
)
def test_a_wrong_address_is_told_before_anything_is_made(
    run: Run, bucket: str, out: str, code: int, said: str
) -> None:
    done = batch(run, out)
    assert (done.code, said in done.err) == (code, True), done.err
    assert [path.name for path in Path().iterdir()] == ["list.csv"]


def test_a_store_that_is_down_is_told_soon(
    run: Run, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    began = time.monotonic()
    done = batch(run, bucket)
    assert (done.code, "Look at the network" in done.err) == (3, True), done.err
    assert time.monotonic() - began < 15


def test_credentials_that_are_refused_are_told(run: Run, bucket: str, server: Any) -> None:
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}/moto-api/reset-auth"
    plain = {"Content-Type": "text/plain"}
    for calls_let_through in (b"0", b"inf"):
        request = urllib.request.Request(address, calls_let_through, plain)  # ours
        urllib.request.urlopen(request).close()  # noqa: S310  # the same
        if calls_let_through == b"0":
            done = batch(run, bucket)
    assert (done.code, "InvalidAccessKeyId" in done.err) == (3, True), done.err
    assert "credentials" in done.err


def test_the_extra_that_is_missing_is_named(
    run: Run, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    done = batch(run, bucket)
    assert (done.code, "pip install 'letter-kit[cloud]'" in done.err) == (3, True)


def test_a_run_whose_store_goes_away_is_resumed(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.server import ThreadedMotoServer

    second = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    second.start()
    host, port = second.get_host_and_port()
    path = tmp_path / "list.csv"
    path.write_text(LIST.splitlines()[0] + "\n" + "x,mayor,f,SN,Fall,fr\n" * 200, "utf-8")

    def write(**more: Any) -> Any:
        return run_batch(
            load_campaign(ROOT / "campaigns" / "un2020"), load_recipients(path),
            load_sender(SENDER), bucket, date=DATE, formats=("markdown",), **more,
        )  # fmt: skip

    def leave(row: Any, problems: Any) -> None:
        second.stop()

    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT", f"http://{host}:{port}")
        with pytest.raises(SetupError, match="cannot be"):
            write(on_row=leave, jobs=1)
    result = write()
    assert (result.done, result.failed) == (200, 0)
    assert 0 < result.kept < 200
    assert len(tree_of(bucket)) == 201


def test_a_large_account_is_sent_in_parts(bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(os.urandom(1_000_000) * 12)
    store = open_bucket(bucket)
    store.upload("large.csv", path)
    assert store.read("large.csv") == path.read_bytes()


def test_digests_are_the_same_however_they_are_asked_for(bucket: str) -> None:
    store = open_store(bucket)
    store.put("a/b.md", b"text", "")
    store.settle()
    alone = [store.digest(name) for name in ("a/b.md", "a/none.md", "none/b.md")]
    store.expect(("a/b.md", "a/none.md"))
    assert alone == [store.digest("a/b.md"), store.digest("a/none.md"), None]
    assert alone[0] is not None
    store.remove("a/b.md")
    store.remove("a/b.md")
    with pytest.raises(SetupError):
        store.read("a/b.md")


def test_an_address_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        open_store(f"file://{tmp_path}")
    assert not list(tmp_path.iterdir())
