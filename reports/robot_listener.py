"""Allure's listener for Robot Framework, told of a test's end only after the library that concludes the test."""

from __future__ import annotations

from typing import ClassVar

import allure_robotframework  # type: ignore[import-untyped]


class AllureListener(allure_robotframework.allure_robotframework):  # type: ignore[misc]  # has no types
    """`--listener "reports.robot_listener.AllureListener;FOLDER"`.

    Of equal rank, Allure would come first: what the library attaches at the end of a test would belong to no test, and
    the verdict that the library still changes there would not be the report's.
    """

    ROBOT_LISTENER_PRIORITY: ClassVar[int] = -1
