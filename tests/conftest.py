"""Settings that hold for every test."""

import os

from hypothesis import settings

# No deadline: a busy machine is not a defect. Under CI the same examples every time: a red build can be repeated.
settings.register_profile("partnerkpi", deadline=None, max_examples=100, derandomize=os.environ.get("CI") == "true")
settings.load_profile("partnerkpi")
