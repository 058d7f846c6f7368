"""What a request costs the vault: a scope that nobody can name again is only stored if the provider keeps something."""

import asyncio
import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.secret import Secret
from proxy.caller import Caller, Tenant
from proxy.errors import Blocked, Unavailable
from proxy.filling import Changed, Filling
from proxy.findings_cache import Ahead, FindingsCache, Parts
from proxy.numbering import numbering
from proxy.operators import Operators
from proxy.policy import Policy
from proxy.pseudonymise import Pseudonymised, Pseudonymiser
from proxy.scope import Scope
from proxy.vault.memory import MemoryVault
from proxy.vault.protocol import Claim, Entry, VaultUnavailable
from proxy.walk import Leaf, Treatment
from proxy.workers import DetectionFailed, Findings
from recognizers.finding import ADDRESS, CUSTOMER_NO, EMAIL, PERSON, Finding

ONE, OTHER = (Tenant.of(Secret(b"k" * 32), name) for name in ("one", "other"))
MARKED = re.compile(r"(?P<PERSON>Anna Brinkmann|Otto Peters|Brinkmann)|(?P<EMAIL>\w+@x\.example)")


class Marked:
    """Finds two people and addresses."""

    version = "1"

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        return [[Finding(*m.span(), str(m.lastgroup), 0.9, "test") for m in MARKED.finditer(text)] for text in texts]


class Counted(MemoryVault):
    """Counts what is asked of it, and the values that are sealed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    async def allocate(self, scope: Scope, claims: Sequence[Claim]) -> list[str]:
        self.asked["allocate"] += 1
        self.asked["sealed"] += len(claims)
        return await super().allocate(scope, claims)

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        self.asked["known"] += 1
        return await super().known(scope, seen)


class Gone(MemoryVault):
    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        raise VaultUnavailable("gone")


def pseudonymiser(vault: MemoryVault) -> Pseudonymiser:
    return Pseudonymiser(FindingsCache(Marked(), 1 << 20), vault, Policy(), Operators(b"s" * 16))


def passing(tenant: Tenant = ONE) -> Caller:
    return Caller(tenant, Scope(tenant.id, conversation=f"r{secrets.token_hex(8)}"), lasting=False, passing=True)


async def hidden(pseudonymise: Pseudonymiser, texts: Sequence[str], caller: Caller) -> Pseudonymised:
    leaves = [Leaf(("messages", i, "content"), text, Treatment.TEXT) for i, text in enumerate(texts)]
    return await pseudonymise(leaves, caller, lambda _: "messages")


async def test_every_turn_of_a_chat_without_a_name_asks_the_vault_once_and_seals_nothing() -> None:
    vault = Counted()
    pseudonymise, history = pseudonymiser(vault), list[str]()
    for turn in range(50):
        history += [f"An kunde{turn}@x.example und kunde0@x.example", f"Gesendet, Nummer {turn}"]
        vault.asked.clear()
        sent = (await hidden(pseudonymise, history, passing())).texts
        assert sent[-2] == f"An [EMAIL_{turn + 1}] und [EMAIL_1]"
        assert sent[0] == "An [EMAIL_1] und [EMAIL_1]"
        assert vault.asked == {"known": 1}


async def test_a_turn_of_a_chat_with_a_name_asks_the_vault_for_what_is_new() -> None:
    vault, caller = Counted(), Caller(ONE, Scope(ONE.id, conversation="c"), lasting=True)
    pseudonymise, history = pseudonymiser(vault), list[str]()
    for turn in range(50):
        history += [f"An kunde{turn}@x.example und kunde0@x.example", f"Gesendet, Nummer {turn}"]
        vault.asked.clear()
        sent = (await hidden(pseudonymise, history, caller)).texts
        assert sent[-2:] == [f"An [EMAIL_{turn + 1}] und [EMAIL_1]", f"Gesendet, Nummer {turn}"]
        assert vault.asked == {"known": 1, "allocate": 1, "sealed": min(turn + 1, 2)}  # what is new, and a witness
        assert (await hidden(pseudonymise, history, caller)).texts == sent


async def test_what_is_kept_is_sealed_later_under_the_very_tokens() -> None:
    pseudonymise, caller = pseudonymiser(MemoryVault()), passing()
    sent = await hidden(pseudonymise, ["Brinkmann, a@x.example", "Anna Brinkmann"], caller)
    assert await pseudonymise.vault.known(caller.scope) == []
    await pseudonymise.seal(caller.scope, sent.unsealed)
    await pseudonymise.seal(caller.scope, sent.unsealed)  # twice is once
    stored = {entry.token: entry.value for entry in await pseudonymise.vault.known(caller.scope)}
    assert stored == {"[PERSON_1]": "Brinkmann", "[EMAIL_1]": "a@x.example", "[PERSON_1_FULL]": "Anna Brinkmann"}
    assert sent.texts == ["[PERSON_1], [EMAIL_1]", "[PERSON_1_FULL]"]
    lasting = await hidden(pseudonymise, ["Brinkmann, a@x.example"], Caller(ONE, caller.scope, lasting=True))
    assert (lasting.texts, lasting.unsealed) == (["[PERSON_1], [EMAIL_1]"], ())


async def test_what_could_not_be_stored_is_not_sent() -> None:
    with pytest.raises(Unavailable):
        await hidden(pseudonymiser(Gone()), ["a@x.example"], passing())


class Awaited(Counted):
    """Answers as soon as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asking, self.answer = asyncio.Event(), asyncio.Event()

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        self.asking.set()
        await self.answer.wait()
        return await super().known(scope, seen)


@pytest.mark.parametrize("fails", [False, True])
async def test_the_vault_is_asked_while_the_detector_reads(fails: bool) -> None:
    vault = Awaited()

    class Reading(Marked):
        async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
            await asyncio.wait_for(vault.asking.wait(), 5)
            if fails:
                raise DetectionFailed("no")
            vault.answer.set()
            return await super().detect(texts)

    pseudonymise = replace(pseudonymiser(vault), findings=FindingsCache(Reading(), 1 << 20))
    before = asyncio.all_tasks()
    if fails:
        with pytest.raises(Unavailable, match="no"):
            await hidden(pseudonymise, ["a@x.example"], passing())
        assert not vault.asked
    else:
        assert (await hidden(pseudonymise, ["a@x.example"], passing())).texts == ["[EMAIL_1]"]
        assert vault.asked == {"known": 1}
    assert asyncio.all_tasks() == before


CHATS = st.lists(
    st.lists(st.sampled_from(["Anna Brinkmann", "Brinkmann", "Otto Peters", "a@x.example", "b@x.example", "und"]),
             max_size=4).map(" ".join), min_size=1, max_size=6,
)  # fmt: skip


@settings(deadline=None, max_examples=50)
@given(CHATS)
async def test_tokens_are_the_same_stored_or_not_and_whatever_was_cached(texts: list[str]) -> None:
    growing, lasting = pseudonymiser(MemoryVault()), Caller(ONE, Scope(ONE.id, conversation="c"), lasting=True)
    for turn in range(1, len(texts) + 1):
        sent = (await hidden(growing, texts[:turn], passing())).texts
        assert (await hidden(growing, texts[:turn], passing(OTHER))).texts == sent
        assert (await hidden(growing, texts[:turn], lasting)).texts == sent
        stored = Caller(ONE, passing().scope, lasting=False)
        assert (await hidden(pseudonymiser(MemoryVault()), texts[:turn], stored)).texts == sent


class Weighed:
    """Takes a number for a customer's, unless it is surer that it is part of an address."""

    version = "1"
    _PLACE = re.compile(r"(?<=wohnt: )(?P<ADDRESS>71735 Eberdingen)|(?P<CUSTOMER_NO>71735)")

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        scores = {ADDRESS: 0.9, CUSTOMER_NO: 0.4}
        return [
            [Finding(*m.span(), str(m.lastgroup), scores[str(m.lastgroup)], "t") for m in self._PLACE.finditer(text)]
            for text in texts
        ]


async def test_whether_a_request_is_blocked_does_not_depend_on_what_was_read_before() -> None:
    policy = Policy({CUSTOMER_NO: "block"})
    pseudonymise = Pseudonymiser(FindingsCache(Weighed(), 1 << 20), MemoryVault(), policy, Operators(b"s" * 16))
    asked = "Kunde 71735 Eberdingen"
    for answer in ("Er wohnt: 71735 Eberdingen", "Sie wohnt: 71735 Eberdingen"):
        assert (await hidden(pseudonymise, [asked, answer], passing())).texts[0] == "Kunde [ADDRESS_1]"
    with pytest.raises(Blocked, match=r"blocks: CUSTOMER_NO\."):
        await hidden(pseudonymise, [asked, "Ja"], passing())


class Forgetful(MemoryVault):
    """Forgets everything between a request's look-up and its allocation, once it is told to."""

    forgets = False

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        entries = await super().known(scope, seen)
        if self.forgets:
            await self._store.remove(scope.key)
        return entries


@given(CHATS, st.integers(0, 5))
async def test_no_token_of_a_scope_forgotten_meanwhile_stands_for_another_value(texts: list[str], before: int) -> None:
    vault, caller = Forgetful(), Caller(ONE, Scope(ONE.id, conversation="c"), lasting=True)
    pseudonymise = pseudonymiser(vault)
    await hidden(pseudonymise, texts[-before:], caller)
    vault.forgets = True
    sent = (await hidden(pseudonymise, texts, caller)).texts
    vault.forgets = False
    values = {entry.token: entry.value for entry in await vault.known(caller.scope)}
    assert [re.sub(r"\[\w+\]", lambda token: values[token[0]], text) for text in sent] == texts


@given(st.lists(st.tuples(st.sampled_from([PERSON, EMAIL]), st.text(min_size=1, max_size=3)), unique=True, max_size=8))
async def test_first_tokens_are_those_of_a_new_scope(values: list[tuple[str, str]]) -> None:
    claims = [Claim(kind, value, parent=0 if i == 3 else None, part="ALT" if i == 3 else "")
              for i, (kind, value) in enumerate(values)]  # fmt: skip
    with numbering() as numbers:
        assert numbers.first_tokens(claims) == await MemoryVault().allocate(passing().scope, claims)


class Reluctant(FindingsCache):
    """Leaves out the texts that were not known before."""

    async def read(self, texts: Sequence[str], key: Secret, ahead: Ahead | None = None) -> Parts:
        async for part in super().read(texts, key, ahead):
            yield part
            break


async def test_what_was_not_read_is_not_sent() -> None:
    findings = Reluctant(Marked(), 1 << 20)
    await findings.detect(["a@x.example"], ONE.fingerprint_key)
    pseudonymise = replace(pseudonymiser(MemoryVault()), findings=findings)
    with pytest.raises(Unavailable, match="left a text out"):
        await hidden(pseudonymise, ["a@x.example", "b@x.example"], passing())


@settings(deadline=None, max_examples=50)
@given(CHATS, st.booleans())
async def test_what_was_written_early_does_not_show_in_what_is_sent(texts: list[str], lasting: bool) -> None:
    pseudonymise, told = pseudonymiser(MemoryVault()), Counter[str]()
    for turn in range(1, len(texts) + 1):
        leaves = [Leaf(("messages", i), text, Treatment.TEXT) for i, text in enumerate(texts[:turn])]
        filling = Filling({"messages": [*texts[:turn]]})

        def early(changed: Changed, filling: Filling = filling) -> None:
            told["early"] += 1
            filling.begin(changed)

        caller = Caller(ONE, Scope(ONE.id, conversation="c"), lasting=True) if lasting else passing()
        async with pseudonymise.ahead(leaves[-1:], caller) as start:
            start.early = early
            sent = await pseudonymise(leaves, caller, lambda _: "messages", start)
        fresh = await hidden(pseudonymiser(MemoryVault()), texts[:turn], passing())
        assert filling.fill(sent.changed) == {"messages": sent.texts} == {"messages": fresh.texts}
    assert told["early"] == len(set(texts)) - 1
