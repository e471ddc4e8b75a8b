"""Is it the tree of RFC 9162, and does a path prove its entry and no other?"""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.proof import merkle

# Inputs and hashes that implementations of Certificate Transparency (RFC 6962, the same tree) agree on.
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
entries = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def naive(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = largest_power_of_two_below(len(leaves))
    return sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def naive_path(leaves: list[bytes], index: int) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    split = largest_power_of_two_below(len(leaves))
    if index < split:
        return [*naive_path(leaves[:split], index), naive(leaves[split:])]
    return [*naive_path(leaves[split:], index - split), naive(leaves[:split])]


def largest_power_of_two_below(number: int) -> int:
    return 1 << (number - 1).bit_length() - 1


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_that_others_compute(size: int) -> None:
    assert merkle.root(INPUTS[:size]).hex() == ROOTS[size]


@given(entries)
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == naive(leaves)


@given(entries, st.data())
def test_a_path_is_that_of_the_definition_and_proves_its_entry(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.audit_path(leaves, index)
    assert path == naive_path(leaves, index)
    assert merkle.verify_inclusion(leaves[index], index=index, size=len(leaves), path=path, root=naive(leaves))


@given(entries, st.data())
def test_a_path_proves_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, size, root = merkle.audit_path(leaves, index), len(leaves), naive(leaves)

    def proves(entry: bytes = leaves[index], place: int = index, of: int = size, way: list[bytes] = path) -> bool:
        return merkle.verify_inclusion(entry, index=place, size=of, path=way, root=root)

    assert proves()
    assert not proves(entry=leaves[index] + b"!")
    assert not proves(place=-1)
    assert not proves(place=size)
    assert not proves(way=[*path, bytes(32)])
    assert not proves(way=path[:-1]) or not path
    step = data.draw(st.integers(0, max(len(path) - 1, 0)))
    if path:
        assert not proves(way=[*path[:step], bytes(32), *path[step + 1 :]])
    other = data.draw(st.integers(0, size - 1))
    assert not proves(place=other) or leaves[other] == leaves[index]


def test_no_entry_passes_for_a_node() -> None:
    left, right = (sha256(b"\x00" + text).digest() for text in (b"one", b"two"))
    assert merkle.root([b"one", b"two"]) != merkle.root([left + right])


@pytest.mark.parametrize("index", [-1, 3])
def test_an_entry_that_is_not_there_has_no_path(index: int) -> None:
    with pytest.raises(IndexError, match=f"no entry {index} among 3"):
        merkle.audit_path([b"a", b"b", b"c"], index)
