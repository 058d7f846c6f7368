"""Several servers that act as one: a master with a replica under Sentinel, and a cluster whose slots can be moved."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from tests.servers import Server, free_port
from tests.vault.tls import Certificates

QUIET = ("--save", "", "--appendonly", "no")
SLOTS = 16384


def client(server: Server) -> Any:
    return redis.Redis(port=server.port, socket_timeout=5)


def wait_until(true: Callable[[], bool], seconds: float = 40.0) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "the servers did not come to the expected state"
        time.sleep(0.03)


@dataclass(frozen=True)
class Tls:
    """A Redis server that speaks TLS itself, which the wheel's does not; tests talk to its other port in clear."""

    binary: Path
    certificates: Certificates

    @property
    def options(self) -> tuple[str, ...]:
        files = self.certificates
        pair = ("--tls-cert-file", str(files.certificate), "--tls-key-file", str(files.key))
        return ("--tls-port", str(free_port()), "--tls-ca-cert-file", str(files.authority), *pair,
                "--tls-auth-clients", "no", "--tls-replication", "yes")


def made(folder: Path, options: Sequence[str], tls: Tls | None = None, config: str | None = None) -> Server:
    """Start a server, one with TLS where that is given."""
    if tls is None:
        return Server(folder, options, config=config).start()
    return Server(folder, (*options, *tls.options), tls.binary, config=config).start()


def link(server: Server) -> int:
    """Give the port that other servers and the vault connect to."""
    options = list(server.options)
    return int(options[options.index("--tls-port") + 1]) if "--tls-port" in options else server.port


@dataclass
class Watched:
    """A master, a replica and one sentinel, which pings once a second and so must not judge much faster."""

    master: Server
    replica: Server
    sentinel: Server

    @classmethod
    def start(cls, folder: Path, tls: Tls | None = None) -> Watched:
        master = made(folder / "master", (*QUIET, "--repl-diskless-sync-delay", "0"), tls)
        options = (*QUIET, "--replicaof", f"127.0.0.1 {link(master)}", "--repl-diskless-sync-delay", "0")
        replica = made(folder / "replica", options, tls)
        watch = (
            f"sentinel monitor main 127.0.0.1 {link(master)} 1\nsentinel down-after-milliseconds main 2500\n"
            "sentinel failover-timeout main 4000\nsentinel resolve-hostnames no\n"
        )
        sentinel = made(folder / "sentinel", ("--sentinel",), tls, watch)
        watched = cls(master, replica, sentinel)
        wait_until(lambda: client(replica).info("replication")["master_link_status"] == "up")
        wait_until(lambda: bool(client(sentinel).execute_command("SENTINEL", "REPLICAS", "main")))
        return watched

    @property
    def url(self) -> str:
        scheme = "redis" if link(self.sentinel) == self.sentinel.port else "rediss"
        return f"{scheme}+sentinel://127.0.0.1:{link(self.sentinel)}/0?service=main"

    def fail_over(self) -> None:
        """Kill the master, wait until the replica is in its place, and start it again as a replica."""
        self.master.kill()
        wait_until(lambda: self.leader() == link(self.replica))
        wait_until(lambda: client(self.replica).info("replication")["role"] == "master")
        self.master.options = (*self.master.options, "--replicaof", f"127.0.0.1 {link(self.replica)}")
        self.master.start()

    def leader(self) -> int:
        host_and_port = client(self.sentinel).sentinel_get_master_addr_by_name("main")
        return int(host_and_port[1])

    def kill(self) -> None:
        for server in (self.sentinel, self.replica, self.master):
            server.kill()


@dataclass
class Cluster:
    """Three primaries that share the slots, or one that has all of them and a replica."""

    nodes: list[Server]
    replica: Server | None = None
    tls: Tls | None = None

    @classmethod
    def start(cls, folder: Path, primaries: int = 3, tls: Tls | None = None) -> Cluster:
        cluster = cls([], tls=tls)
        with cluster.killed_on_failure():
            cluster._form(folder, primaries)
        return cluster

    def _form(self, folder: Path, primaries: int) -> None:
        self.nodes = [self._node(folder / f"node{n}") for n in range(primaries)]
        share = SLOTS // primaries
        for n, node in enumerate(self.nodes):
            self._introduce(node)
            last = SLOTS - 1 if n == primaries - 1 else (n + 1) * share - 1
            client(node).execute_command("CLUSTER", "ADDSLOTSRANGE", n * share, last)
        wait_until(lambda: all(self.well(node) for node in self.nodes))

    @classmethod
    def start_with_replica(cls, folder: Path, primaries: int = 1) -> Cluster:
        cluster = cls.start(folder, primaries)
        with cluster.killed_on_failure():
            cluster._add_replica(folder)
        return cluster

    def _add_replica(self, folder: Path) -> None:
        replica = self.replica = self._node(folder / "replica")
        self._introduce(replica)
        primary = client(self.nodes[0]).execute_command("CLUSTER", "MYID")
        wait_until(lambda: primary in client(replica).execute_command("CLUSTER", "NODES"))
        client(replica).execute_command("CLUSTER", "REPLICATE", primary)
        wait_until(lambda: client(replica).info("replication").get("master_link_status") == "up")
        # Until it knows its primary's slots it would stand for election, and take over none of them.
        wait_until(lambda: client(replica).cluster("info")["cluster_state"] == "ok")

    @contextlib.contextmanager
    def killed_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.kill()
            raise

    def _node(self, folder: Path) -> Server:
        bus = str(free_port())
        options = ("--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "3000",
                   "--cluster-replica-validity-factor", "0",  # a replica may stand however slow the machine was
                   *(("--tls-cluster", "yes") if self.tls else ()))
        return made(folder, (*QUIET, *options, "--repl-diskless-sync-delay", "0"), self.tls)

    def _introduce(self, node: Server) -> None:
        first = self.nodes[0]
        if node is not first:
            bus = node.options[node.options.index("--cluster-port") + 1]
            client(first).execute_command("CLUSTER", "MEET", "127.0.0.1", link(node), bus)

    @property
    def url(self) -> str:
        return f"redis{'s' if self.tls else ''}+cluster://" + ",".join(f"127.0.0.1:{link(node)}" for node in self.nodes)

    def owner(self, key: str) -> Server:
        """Give the node that has a key's slot."""
        slot = client(self.nodes[0]).cluster("keyslot", key)
        return next(node for node in self.nodes if slot in self._slots(node))

    def well(self, node: Server) -> bool:
        info = client(node).cluster("info")
        return bool(info["cluster_state"] == "ok" and info["cluster_known_nodes"] == str(len(self.nodes)))

    def move_slot(self, slot: int) -> None:
        """Move a slot from the node that has it to another one, key by key, as a resharding tool does."""
        source = next(node for node in self.nodes if slot in self._slots(node))
        target = next(node for node in self.nodes if node is not source)
        here, there = (str(client(node).execute_command("CLUSTER", "MYID"), "ascii") for node in (source, target))
        client(target).execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", here)
        client(source).execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", there)
        while keys := client(source).execute_command("CLUSTER", "GETKEYSINSLOT", slot, 1):
            time.sleep(0.02)  # leave the slot half moved for a while, so that requests meet it so
            client(source).execute_command("MIGRATE", "127.0.0.1", target.port, keys[0], 0, 2000)
        for node in (target, source, *self.nodes):
            client(node).execute_command("CLUSTER", "SETSLOT", slot, "NODE", there)

    def fail_over(self) -> None:
        """Kill the first primary, let the others elect its replica, and start it again as a replica."""
        assert self.replica is not None
        replica = self.replica
        self.nodes[0].kill()
        wait_until(lambda: client(replica).info("replication")["role"] == "master")
        self.nodes[0].start()
        wait_until(lambda: client(self.nodes[0]).info("replication").get("master_link_status") == "up")

    def kill(self) -> None:
        for node in [*self.nodes, *([self.replica] if self.replica else [])]:
            node.kill()

    @staticmethod
    def _slots(node: Server) -> set[int]:
        myself = client(node).execute_command("CLUSTER", "MYID").decode()
        owned: set[int] = set()
        for first, last, (_, _, node_id, *_), *_ in client(node).execute_command("CLUSTER SLOTS"):
            if node_id.decode() == myself:
                owned |= set(range(first, last + 1))
        return owned
