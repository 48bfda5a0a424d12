from __future__ import annotations

from macroscope.diagnostics.v1.diagnostics_pb import GetTrafficResponse, ProcessTraffic

from macroscope_worker.rpc.validation import decode_valid
from macroscope_worker.services.traffic_reports import FORGET_AFTER_S, MOST_REPORTS, TrafficReports


class Time:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def names(reports: TrafficReports) -> list[str]:
    return [report.process for report in reports.newest()]


def test_a_newer_report_replaces_the_older() -> None:
    reports = TrafficReports()
    reports.put("page 1", ProcessTraffic(process="page 1", counted_s=1))
    reports.put("page 1", ProcessTraffic(process="page 1", counted_s=2))
    assert [report.counted_s for report in reports.newest()] == [2]


def test_nobody_reports_in_anothers_name() -> None:
    reports = TrafficReports()
    reports.put("page 1", ProcessTraffic(process="worker"))
    assert names(reports) == ["page 1: worker"]


def test_no_name_is_longer_than_the_schema_lets_one_be_or_nobody_could_read_the_answer() -> None:
    reports = TrafficReports()
    reports.put("page 1", ProcessTraffic(process="x" * 120))
    reports.put("page 2 " * 20, ProcessTraffic(process="page"))
    assert [len(name) for name in names(reports)] == [120, 120]
    answer = GetTrafficResponse(processes=reports.newest())
    assert decode_valid(GetTrafficResponse, answer.to_binary(), b"") == answer


def test_a_page_that_does_not_know_its_number_gets_its_whole_name() -> None:
    reports = TrafficReports()
    reports.put("page 1", ProcessTraffic(process="page"))
    assert names(reports) == ["page 1"]


def test_the_end_of_a_connection_forgets_its_reports_and_no_newer_one() -> None:
    reports = TrafficReports()
    first, second = object(), object()
    reports.put("page 1", ProcessTraffic(process="page 1"), first)
    reports.put("page 1", ProcessTraffic(process="page 1, more"), first)
    reports.put("page 1", ProcessTraffic(process="page 1"), second)
    reports.forget(first)
    assert names(reports) == ["page 1"]
    reports.forget(second)
    reports.forget(second)
    assert names(reports) == []


def test_one_that_no_longer_reports_is_forgotten() -> None:
    time = Time()
    reports = TrafficReports(time)
    reports.put("a", ProcessTraffic(process="a"))
    time.now_s = FORGET_AFTER_S / 2
    reports.put("b", ProcessTraffic(process="b"))
    time.now_s = FORGET_AFTER_S + 0.1
    assert names(reports) == ["b"]


def test_there_are_only_so_many() -> None:
    reports = TrafficReports()
    for number in range(2 * MOST_REPORTS):
        reports.put("page", ProcessTraffic(process=f"page {number}"))
    assert len(names(reports)) == MOST_REPORTS
    assert f"page {2 * MOST_REPORTS - 1}" in names(reports)
