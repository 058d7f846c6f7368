"""What goes on while a block runs ends with it, and only who waits for it hears how."""

import asyncio
import gc

import pytest

from proxy.meanwhile import meanwhile


async def failing() -> None:
    raise ValueError


async def test_what_is_done_is_given() -> None:
    async with meanwhile(asyncio.sleep(0, "done")) as task:
        assert await task == "done"


async def test_what_is_not_done_is_ended_with_the_block() -> None:
    with pytest.raises(KeyError):
        async with meanwhile(asyncio.sleep(60)) as task:
            raise KeyError
    assert task.cancelled()
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("pauses", [0, 1, 3])
async def test_nobody_hears_of_a_failure_who_does_not_wait(pauses: int) -> None:
    heard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    async with meanwhile(failing()):
        for _ in range(pauses):
            await asyncio.sleep(0)
    gc.collect()
    assert not heard
    with pytest.raises(ValueError, match=r"^$"):
        async with meanwhile(failing()) as task:
            await task
