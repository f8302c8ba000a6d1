"""Locks over HiSLIP (IVI-6.1, AsyncLock): who may talk, who waits, and what a session leaves behind."""

import select

import pytest

from tests.serve_instruments import raw_hislip as hislip
from tests.serve_instruments.raw_hislip import Client

FAILURE, SUCCESS, SHARED, ERROR = range(4)
RELEASE, REQUEST = range(2)
LONG = 30_000


@pytest.fixture
def sessions(lab):
    clients = [Client(lab.port("supply")) for _ in range(3)]
    yield clients
    for client in clients:
        client.close()


def lock(client, key=b"", timeout=0):
    kind, outcome, _, _ = client.asynchronous.ask(hislip.ASYNC_LOCK, REQUEST, timeout, key)
    assert kind == hislip.ASYNC_LOCK_RESPONSE
    return outcome


def release(client):
    kind, outcome, _, _ = client.asynchronous.ask(hislip.ASYNC_LOCK, RELEASE, client.id)
    assert kind == hislip.ASYNC_LOCK_RESPONSE
    return outcome


def info(client):
    kind, exclusive, holders, _ = client.asynchronous.ask(hislip.ASYNC_LOCK_INFO)
    assert kind == hislip.ASYNC_LOCK_INFO_RESPONSE
    return exclusive, holders


def hears_something(client):
    return bool(select.select([client.sync.socket], [], [], 0.2)[0])


def test_an_exclusive_lock_holds_back_the_messages_of_others_until_it_is_given_back(sessions):
    one, other, _ = sessions
    assert info(one) == (0, 0)
    assert lock(one) == SUCCESS
    assert info(other) == (1, 1)
    assert lock(other) == FAILURE
    other.write(b"*IDN?\n")
    assert one.query(b"*OPC?\n") == b"1\n"
    assert not hears_something(other)
    assert release(one) == SUCCESS
    assert other.sync.receive()[3].startswith(b"Keysight")


def test_a_wish_for_a_lock_is_fulfilled_in_time_or_fails(sessions):
    one, other, third = sessions
    assert lock(one) == SUCCESS
    assert lock(other, timeout=50) == FAILURE
    third.asynchronous.send(hislip.ASYNC_LOCK, REQUEST, LONG, b"")
    assert release(one) == SUCCESS
    assert third.asynchronous.receive()[:2] == (hislip.ASYNC_LOCK_RESPONSE, SUCCESS)
    assert info(one) == (1, 1)


def test_a_shared_lock_is_for_all_who_know_its_key(sessions):
    one, friend, stranger = sessions
    assert lock(one, b"key") == SUCCESS
    assert lock(friend, b"key") == SUCCESS
    assert lock(stranger, b"other") == FAILURE
    assert lock(stranger) == FAILURE
    assert info(one) == (0, 2)
    assert friend.query(b"*OPC?\n") == b"1\n"
    stranger.write(b"*OPC?\n")
    assert not hears_something(stranger)
    assert lock(one) == SUCCESS  # from shared to exclusive: now the friend waits too
    friend.write(b"*OPC?\n", rmt=1)
    assert not hears_something(friend)
    assert (release(one), release(one), release(friend)) == (SUCCESS, SHARED, SHARED)
    assert friend.sync.receive()[3] == b"1\n"
    assert stranger.sync.receive()[3] == b"1\n"


def test_what_is_not_held_cannot_be_given_back_nor_held_twice(sessions):
    one = sessions[0]
    assert release(one) == ERROR
    assert lock(one) == SUCCESS
    assert lock(one) == ERROR


def test_a_session_that_ends_gives_its_locks_back(sessions):
    one, other, _ = sessions
    assert lock(one) == SUCCESS
    other.asynchronous.send(hislip.ASYNC_LOCK, REQUEST, LONG, b"")
    one.close()
    assert other.asynchronous.receive()[:2] == (hislip.ASYNC_LOCK_RESPONSE, SUCCESS)


def test_device_clear_keeps_the_lock(sessions):
    one, other, _ = sessions
    assert lock(one) == SUCCESS
    one.asynchronous.ask(hislip.ASYNC_DEVICE_CLEAR)
    one.sync.ask(hislip.DEVICE_CLEAR_COMPLETE)
    assert info(other) == (1, 1)
