import pytest

from parcels.zones import zone_of


@pytest.mark.parametrize(("postcode", "zone"), [("DE-20095", "A"), ("NL-1012", "B"), ("FR-75001", "C")])
def test_zone_by_country(postcode, zone):
    assert zone_of(postcode) == zone


@pytest.mark.parametrize("postcode", ["20095", "XX-1", ""])
def test_unknown_postcode(postcode):
    with pytest.raises(ValueError, match="no zone"):
        zone_of(postcode)
