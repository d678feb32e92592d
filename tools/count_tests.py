#!/usr/bin/env python3
"""Counts test cases: count_tests.py JUNIT_OF_CTEST FOLDER_OF_GTEST_REPORTS

Prints "PASSED FAILED SKIPPED". A GoogleTest program counts with each of its cases; any other, and
one that died before it wrote its report, counts as one.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def count_program(case, report):
    """Returns (passed, failed, skipped) of one testcase element of ctest."""
    ran_well = case.get("status") == "run"
    if not report.exists():
        if ran_well:
            return 1, 0, 0
        return (0, 0, 1) if case.find("skipped") is not None else (0, 1, 0)
    suites = ElementTree.parse(report).getroot()
    failed = int(suites.get("failures")) + int(suites.get("errors"))
    skipped = int(suites.get("disabled"))
    skipped += sum(int(suite.get("skipped", 0)) for suite in suites.iter("testsuite"))
    passed = int(suites.get("tests")) - failed - skipped
    return passed, failed if ran_well else max(failed, 1), skipped


def main():
    junit, reports = sys.argv[1], pathlib.Path(sys.argv[2])
    cases = ElementTree.parse(junit).getroot().iter("testcase")
    counts = [count_program(case, reports / f"{case.get('name')}.xml") for case in cases]
    print(*(sum(column) for column in zip((0, 0, 0), *counts)))


main()
