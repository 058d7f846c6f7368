"""Several servers that act as one: a master with a replica under Sentinel, and a cluster whose slots can be moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from tests.servers import Server, free_port

QUIET = ("--save", "", "--appendonly", "no")
SLOTS = 16384


def client(server: Server) -> Any:
    return redis.Redis(port=server.port, socket_timeout=5)


def wait_until(true: Callable[[], bool], seconds: float = 40.0) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "the servers did not come to the expected state"
        time.sleep(0.03)


@dataclass
class Watched:
    """A master, a replica and one sentinel, which pings once a second and so must not judge much faster."""

    master: Server
    replica: Server
    sentinel: Server

    @classmethod
    def start(cls, folder: Path) -> Watched:
        master = Server(folder / "master", (*QUIET, "--repl-diskless-sync-delay", "0")).start()
        options = (*QUIET, "--replicaof", f"127.0.0.1 {master.port}", "--repl-diskless-sync-delay", "0")
        replica = Server(folder / "replica", options).start()
        watch = (
            f"sentinel monitor main 127.0.0.1 {master.port} 1\nsentinel down-after-milliseconds main 2500\n"
            "sentinel failover-timeout main 4000\nsentinel resolve-hostnames no\n"
        )
        sentinel = Server(folder / "sentinel", ("--sentinel",), config=watch).start()
        watched = cls(master, replica, sentinel)
        wait_until(lambda: client(replica).info("replication")["master_link_status"] == "up")
        wait_until(lambda: bool(client(sentinel).execute_command("SENTINEL", "REPLICAS", "main")))
        return watched

    @property
    def url(self) -> str:
        return f"redis+sentinel://127.0.0.1:{self.sentinel.port}/0?service=main"

    def leader(self) -> int:
        host_and_port = client(self.sentinel).sentinel_get_master_addr_by_name("main")
        return int(host_and_port[1])

    def kill(self) -> None:
        for server in (self.sentinel, self.replica, self.master):
            server.kill()


@dataclass
class Cluster:
    """Three primaries that share the slots."""

    nodes: list[Server]

    @classmethod
    def start(cls, folder: Path) -> Cluster:
        buses = [free_port() for _ in range(3)]
        options = [
            (*QUIET, "--cluster-enabled", "yes", "--cluster-port", str(bus), "--cluster-node-timeout", "3000")
            for bus in buses
        ]
        cluster = cls([Server(folder / f"node{n}", option).start() for n, option in enumerate(options)])
        first, *others = cluster.nodes
        for node, bus in zip(others, buses[1:], strict=True):
            client(first).execute_command("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
        third = SLOTS // 3
        for n, node in enumerate(cluster.nodes):
            last = SLOTS - 1 if n == 2 else (n + 1) * third - 1
            client(node).execute_command("CLUSTER", "ADDSLOTSRANGE", n * third, last)
        wait_until(lambda: all(cluster.well(node) for node in cluster.nodes))
        return cluster

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    @staticmethod
    def well(node: Server) -> bool:
        info = client(node).cluster("info")
        return bool(info["cluster_state"] == "ok" and info["cluster_known_nodes"] == "3")

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

    def kill(self) -> None:
        for node in self.nodes:
            node.kill()

    @staticmethod
    def _slots(node: Server) -> set[int]:
        myself = client(node).execute_command("CLUSTER", "MYID").decode()
        owned: set[int] = set()
        for first, last, (_, _, node_id, *_), *_ in client(node).execute_command("CLUSTER SLOTS"):
            if node_id.decode() == myself:
                owned |= set(range(first, last + 1))
        return owned
