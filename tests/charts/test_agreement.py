from sim.charts.agreement import AgreementWords, agreement_chart, agreement_figure

WORDS = AgreementWords("real", "model", "band", "across", "up")
BAND = (
    [0.01, 0.5, 0.99],
    [120.0, 3_000.0, 900_000.0],
    [100.0, 2_500.0, 1e6],
    [50.0, 2_000.0, 4e5],
    [200.0, 3e3, 3e6],
)


def test_marks_are_decades_about_all_values() -> None:
    chart = agreement_chart(BAND, "en", shares=True)
    assert [mark for mark, _ in chart.decades] == [10.0**k for k in range(1, 8)]
    assert chart.labels[1] == ("50%", "3,000", "2,500", "2,000 … 3,000")


def test_rates_are_told_in_per_cent() -> None:
    chart = agreement_chart(([1.0], [0.012], [0.01], [0.005], [0.02]), "zh", rates=True)
    assert chart.labels[0][1:] == ("1.2%", "1%", "0.5% … 2%")


def test_the_figure_has_band_line_and_dots() -> None:
    figure = agreement_figure(agreement_chart(BAND, "en"), WORDS, logarithmic=True)
    assert [trace.name for trace in figure.data] == ["band", "model", "real"]
    assert list(figure.data[2].y) == BAND[1]
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
