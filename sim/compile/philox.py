"""Chance in WebAssembly: the generator Philox4x64-10, with the bits of NumPy's.

Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". Ten rounds make four integers of 64 bits from a key
and a count. NumPy counts from 1, and of an integer's upper 53 bits makes a number from 0 to 1.
"""

from sim.compile.wasm_binary import END, I32, I64, LOOP, REPEAT, Module, call, f64, get, i32, i64, put, tee
from sim.model.block import GROUP

MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
STEPS = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
"""Added to the two halves of the key after each round."""
ROUNDS = 10
AND, XOR, SHIFT, ADD, MULTIPLY = b"\x83", b"\x85", b"\x88", b"\x7c", b"\x7e"
LOW, HALF = i64(2**32 - 1) + AND, i64(32) + SHIFT
ADD_I32, LESS_I32 = b"\x6a", b"\x6b"
NUMBERS = 4
"""Made of one count."""
LEAST = 1e-12
"""Draws are kept this far from 0 and 1, as by `sim.experiment.chance`."""


def add_draws(module: Module) -> None:
    """Add and export ``draws(key, count, out)``, whose arguments are integers of 32 bits.

    `key` is the address of the two halves of a stream's key. The eight numbers of a group of worlds, that of the count
    `count` + 1 and that of the next, go to the address `out`.
    """
    block = _add_block(module, _add_high(module))
    key, count, out = range(3)
    code = b""
    for half in range(GROUP // NUMBERS):
        code += get(key) + get(count) + i32(half + 1) + ADD_I32 + get(out) + i32(half * 8 * NUMBERS) + ADD_I32
        code += call(block)
    module.export("draws", module.add([I32] * 3, [], [], code))


def _add_high(module: Module) -> int:
    """Add the function that returns the upper half of the product of two integers."""
    a, b, a_high, b_high, first, second = range(6)
    code = get(a) + HALF + put(a_high) + get(b) + HALF + put(b_high)
    code += get(a) + LOW + tee(a) + get(b_high) + MULTIPLY + put(first)
    code += get(b) + LOW + tee(b) + get(a_high) + MULTIPLY + put(second)
    code += get(a) + get(b) + MULTIPLY + HALF + get(first) + LOW + ADD + get(second) + LOW + ADD + HALF
    code += get(a_high) + get(b_high) + MULTIPLY + ADD + get(first) + HALF + ADD + get(second) + HALF + ADD
    return module.add([I64, I64], [I64], [(4, I64)], code)


def _add_block(module: Module, high: int) -> int:
    """Add ``block(key, count, out)``, which makes the four numbers of a count."""
    key, count, out, left = range(4)
    words, keys = range(4, 8), range(8, 10)
    high_0, high_1, low_0 = 10, 11, 12
    a, b = (i64(one) for one in MULTIPLIERS)
    code = get(count) + b"\xad" + put(words[0]) + i32(ROUNDS) + put(left)
    code += b"".join(get(key) + b"\x29\x03" + bytes([8 * k]) + put(one) for k, one in enumerate(keys))
    code += LOOP
    code += a + get(words[0]) + call(high) + put(high_0) + b + get(words[2]) + call(high) + put(high_1)
    code += a + get(words[0]) + MULTIPLY + put(low_0)
    code += get(high_1) + get(words[1]) + XOR + get(keys[0]) + XOR + put(words[0])
    code += b + get(words[2]) + MULTIPLY + put(words[1])
    code += get(high_0) + get(words[3]) + XOR + get(keys[1]) + XOR + put(words[2])
    code += get(low_0) + put(words[3])
    code += b"".join(get(one) + i64(by) + ADD + put(one) for one, by in zip(keys, STEPS, strict=True))
    code += get(left) + i32(1) + LESS_I32 + tee(left) + REPEAT + END
    for k, one in enumerate(words):
        number = get(one) + i64(11) + SHIFT + b"\xba" + f64(2.0**-53) + b"\xa2"
        inside = number + f64(LEAST) + b"\xa5" + f64(1.0 - LEAST) + b"\xa4"
        code += get(out) + inside + b"\x39\x03" + bytes([8 * k])
    return module.add([I32] * 3, [], [(1, I32), (9, I64)], code)
