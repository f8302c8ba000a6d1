"""Programs that know nothing of us, at the served car: phone, navigation, CAN tools, workshop testers."""
