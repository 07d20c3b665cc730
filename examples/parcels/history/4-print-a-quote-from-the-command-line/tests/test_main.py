from parcels.__main__ import main


def test_prints_every_line_and_the_total():
    assert main(["12x20x30", "1.4kg", "DE-20095"]).splitlines() == [
        "zone A, 1.4 kg              5.90",
        "fuel                        0.38",
        "total                       6.28",
    ]
