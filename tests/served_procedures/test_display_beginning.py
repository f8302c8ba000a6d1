"""The display is as it leaves the factory at the beginning of every test, whatever was chosen there before."""

from harness.pictures import size_of


def chosen(stage):
    """All that the head unit keeps."""
    stage.display.opens("Settings", "System")
    value = stage.bench.networks["body"].value
    shown = stage.bench.head_unit.texts()["language"]
    return value("IHU_Settings.Profile"), value("IHU_Settings.DataSharing"), shown


def test_a_display_in_french_on_a_guest_s_profile_begins_as_usual(opened):
    before = opened()
    before.display.chooses_profile("GUEST")
    before.display.shares_data(on=False)
    before.display.chooses_language("french")
    assert chosen(before) == ("GUEST", "OFF", "Français")
    assert size_of(before.display.takes_picture().png) == (1024, 768)
    before.close()
    after = opened()
    assert after.bench.head_unit.page() == "Home"
    assert chosen(after) == ("OWNER", "ON", "English")
    assert after.bench.head_unit.pictures == []
