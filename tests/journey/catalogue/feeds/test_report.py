from pathlib import Path

from journey.catalogue.feeds.report import Bad, Report


def test_report_counts_lost_rows_once() -> None:
    report = Report()
    report.lose(3, Bad("price", "is missing"))
    report.lose(3, Bad("id", "is missing"))
    report.drop(4, Bad("size", "is odd", "x" * 200))
    assert report.lost == 1
    assert len(report.faults[2].value) == 80


def test_report_is_a_table_in_which_nothing_runs(tmp_path: Path) -> None:
    report = Report()
    report.lose(3, Bad("title", "is odd", '=HYPERLINK("http://x")'))
    report.write(tmp_path / "new" / "faults.csv")
    lines = (tmp_path / "new" / "faults.csv").read_text().splitlines()
    assert lines == [
        "line,row,field,reason,value",
        '3,lost,title,is odd,"\'=HYPERLINK(""http://x"")"',
    ]
