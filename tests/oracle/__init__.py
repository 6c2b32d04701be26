"""The oracle: the whole model once more, for one world, in plain numbers and loops, to be read beside `docs/model.md`.

It is written from the description and not from the code of `sim/model`; the tests hold the two together to 1e-9.

- `equations.py`: every equation of bargaining, technology, routes and accounts (sections 6 and 7), one function each
- `trade.py`: steps 2, 3 and 5 to 7 of a month for all six countries, put together from these equations
- `acts.py`: step 4, what each act is worth to a country, who says yes, and what the acts change (7.7 to 7.9)
- `rest_of_month.py`: where a world starts, drivers, war, old shells and the indices (5, 6 and 9)
- `mesa_model.py`: all of it as an ordinary Mesa model with six agents that can be stepped

To read it, start with `PlainWorld.step` in `mesa_model.py` and follow the calls. What each test compares stands in
`test_oracle_equations.py`, `test_oracle_trade.py` and `test_mesa_model.py` in the folder above.
"""
