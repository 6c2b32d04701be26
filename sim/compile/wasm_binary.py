"""The binary form of WebAssembly: instructions as bytes, and the module that holds functions.

After the core specification, release 2.0 (W3C 2022), chapter 5: https://www.w3.org/TR/wasm-core-2/.
"""

import struct
from collections.abc import Iterable, Sequence

I32, I64, V128 = b"\x7f", b"\x7e", b"\x7b"
"""Types; V128 is a vector of two floats or integers of 64 bits."""
LOOP, IF, END, REPEAT = b"\x03\x40", b"\x04\x40", b"\x0b", b"\x0d\x00"
"""Begin of a loop, of what is done if the top of the stack is not zero, the end of either, and a jump to the begin of a
loop if the top is not zero."""
MEMORY_EXPORT, FUNCTION_EXPORT = b"\x02\x00", b"\x00"


def unsigned(number: int) -> bytes:
    """Return an unsigned integer in the variable-length form LEB128."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def signed(number: int) -> bytes:
    """Return a signed integer in the variable-length form LEB128."""
    out = bytearray()
    while not -64 <= number < 64:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number & 127])


def listed(items: Sequence[bytes]) -> bytes:
    """Return items after their number."""
    return unsigned(len(items)) + b"".join(items)


def simd(number: int) -> bytes:
    """Return an instruction on vectors."""
    return b"\xfd" + unsigned(number)


def get(local: int) -> bytes:
    """Push a local variable."""
    return b"\x20" + unsigned(local)


def put(local: int) -> bytes:
    """Pop the stack into a local variable."""
    return b"\x21" + unsigned(local)


def tee(local: int) -> bytes:
    """Copy the top of the stack into a local variable."""
    return b"\x22" + unsigned(local)


def call(function: int) -> bytes:
    """Call a function."""
    return b"\x10" + unsigned(function)


def i32(number: int) -> bytes:
    """Push an integer of 32 bits."""
    return b"\x41" + signed(number)


def i64(number: int) -> bytes:
    """Push an integer of 64 bits, signed or not."""
    return b"\x42" + signed(number - 2**64 if number >= 2**63 else number)


def f64(number: float) -> bytes:
    """Push a float."""
    return b"\x44" + struct.pack("<d", number)


class Module:
    """A module with one memory, which the host may let grow, constants, and functions, of which some are exported."""

    def __init__(self) -> None:
        self._types: list[bytes] = []
        self._functions: list[bytes] = []
        self._bodies: list[bytes] = []
        self._constants: dict[int, int] = {}
        self._exports = [_named("memory") + MEMORY_EXPORT]

    def add(
        self, takes: Sequence[bytes], gives: Sequence[bytes], more: Iterable[tuple[int, bytes]], code: bytes
    ) -> int:
        """Add a function and return its index. It has `more` local variables, each a number of them and their type."""
        kind = b"\x60" + listed(takes) + listed(gives)
        if kind not in self._types:
            self._types.append(kind)
        self._functions.append(unsigned(self._types.index(kind)))
        body = listed([unsigned(count) + one for count, one in more if count]) + code + END
        self._bodies.append(unsigned(len(body)) + body)
        return len(self._functions) - 1

    def constant(self, bits: int) -> bytes:
        """Return the code that pushes a vector of which both halves have these bits, shorter than the vector itself."""
        return b"\x23" + unsigned(self._constants.setdefault(bits % 2**64, len(self._constants)))

    def export(self, name: str, function: int) -> None:
        """Let the host call a function by this name."""
        self._exports.append(_named(name) + FUNCTION_EXPORT + unsigned(function))

    def binary(self) -> bytes:
        """Return the module."""
        one_page, unchanging = b"\x00\x01", V128 + b"\x00"
        vectors = [unchanging + simd(12) + bits.to_bytes(8, "little") * 2 + END for bits in self._constants]
        sections = {1: self._types, 3: self._functions, 5: [one_page], 6: vectors, 7: self._exports, 10: self._bodies}
        contents = {number: listed(items) for number, items in sections.items()}
        parts = (bytes([number]) + unsigned(len(content)) + content for number, content in contents.items())
        return b"\0asm\x01\0\0\0" + b"".join(parts)


def _named(name: str) -> bytes:
    return unsigned(len(name)) + name.encode()
