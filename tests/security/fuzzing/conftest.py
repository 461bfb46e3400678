"""Seconds of the same examples in `make test`; `make fuzz` looks for minutes at ever other ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
settings.register_profile(
    "short",
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=SLOW,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=SLOW)
PROFILE = settings.get_profile("long" if os.environ.get("FUZZ") == "long" else "short")
