"""Settings that hold for every test."""

import os

from hypothesis import Phase, settings

# No deadline: a busy machine is not a defect. Under CI the same examples every time: a red build can be repeated.
settings.register_profile("partnerkpi", deadline=None, max_examples=100, derandomize=os.environ.get("CI") == "true")
# `mutmut run` only asks whether a test fails: fewer examples, and none is made small.
settings.register_profile(
    "mutation", deadline=None, max_examples=30, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("partnerkpi")
