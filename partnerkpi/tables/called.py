"""The columns of a table by what they are called: each name is made plain, and each tier of a role looked for, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import Tier, listed_names, matcher
from partnerkpi.vocabulary import plain_name


class Called:
    """The columns of a table by what they are called: each name is made plain, and each tier looked for, once."""

    def __init__(self, profiles: tuple[ColumnProfile, ...]) -> None:
        """Take the columns of a table, in their order."""
        self.profiles = profiles
        names = [(one.name, one.title) if one.title else (one.name,) for one in profiles]
        self._plain = [tuple(map(plain_name, some)) for some in names]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, some in enumerate(self._plain):
            for name in some:
                self._places[name].append(place)
        self._fitting: dict[Tier, tuple[ColumnProfile, ...]] = {}

    def fitting(self, tier: Tier) -> tuple[ColumnProfile, ...]:
        """Return the columns that belong to a tier, in the order of the table."""
        if tier not in self._fitting:
            names = listed_names(tier.pattern)
            if names is not None:
                known = names & self._places.keys()
                places: Iterable[int] = sorted({place for name in known for place in self._places[name]})
            else:
                search = matcher(tier.pattern)
                places = (place for place, some in enumerate(self._plain) if any(map(search, some)))
            columns = map(self.profiles.__getitem__, places)
            self._fitting[tier] = tuple(one for one in columns if not one.nested and tier.check(one))
        return self._fitting[tier]

    def of_any(self, tiers: Iterable[Tier]) -> list[ColumnProfile]:
        """Return the columns that belong to one of some tiers, in the order of the table."""
        names = {one.name for tier in tiers for one in self.fitting(tier)}
        return [one for one in self.profiles if one.name in names]


#: The last tables whose columns were looked at: a command asks several times what the same columns are called.
_CALLED: dict[int, Called] = {}
_MOST_CALLED = 16


def called(profiles: tuple[ColumnProfile, ...]) -> Called:
    """Return the columns of a table by what they are called, the same for the same columns."""
    found = _CALLED.get(id(profiles))
    if found is None or found.profiles is not profiles:
        if len(_CALLED) >= _MOST_CALLED:
            _CALLED.clear()
        found = _CALLED[id(profiles)] = Called(profiles)
    return found
