"""Put operations in an order in which values do not wait long for their readers.

Values that wait are what a month costs most: each goes through memory, and what does not fit the cache is slow.
"""

from collections.abc import Iterable, Iterator, Sequence

from sim.compile.program import Operation


def ordered(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations that lead to a store in another order, each still after its operands.

    Stores of what takes few steps to compute come first, with what they need. After each operation come, at once,
    those that now can be done and are the last to read a value: no more values wait after them than before.
    """
    needs = [[one for one in dict.fromkeys(operation.of) if isinstance(one, int)] for operation in operations]
    computed = [[one for one in of if operations[one].name != "load"] for of in needs]
    readers: list[list[int]] = [[] for _ in operations]
    for index, of in enumerate(computed):
        for one in of:
            readers[one].append(index)
    waits, unread = [len(of) for of in computed], [len(of) for of in readers]
    done: dict[int, None] = {}

    def may_follow(index: int) -> bool:
        last = operations[index].name == "store" or any(unread[one] == 1 for one in computed[index])
        return last and not waits[index] and index not in done

    for first in _depth_first(_stores(operations, computed), computed):
        stack = [first]
        while stack:
            index = stack.pop()
            if index in done:
                continue
            done |= dict.fromkeys(needs[index])  # inputs are read where they are first needed
            done[index] = None
            for one in readers[index]:
                waits[one] -= 1
            near = set(readers[index])
            for one in computed[index]:
                unread[one] -= 1
                if unread[one] == 1:
                    near.update(readers[one])
            stack += sorted(filter(may_follow, near), reverse=True)
    places = {index: place for place, index in enumerate(done)}
    return [_moved(operations[index], places) for index in done]


def _moved(operation: Operation, places: dict[int, int]) -> Operation:
    of = tuple(places[one] if isinstance(one, int) else one for one in operation.of)
    return operation._replace(of=of)


def _stores(operations: Sequence[Operation], computed: Sequence[Sequence[int]]) -> list[int]:
    """Return the stores, those first whose values take the fewest steps after one another."""
    depths: list[int] = []
    for of in computed:
        depths.append(1 + max((depths[one] for one in of), default=0))
    return sorted((k for k, one in enumerate(operations) if one.name == "store"), key=depths.__getitem__)


def _depth_first(last: Iterable[int], needs: Sequence[Sequence[int]]) -> Iterator[int]:
    """Yield what each of the last operations needs, depth first, then itself; without recursion, as chains are long."""
    known: set[int] = set()
    for one in last:
        stack = [one]
        while stack:
            missing = [of for of in needs[stack[-1]] if of not in known]
            if missing:
                stack += reversed(missing)
                continue
            top = stack.pop()
            if top not in known:
                known.add(top)
                yield top
