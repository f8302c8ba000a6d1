"""On-board charger: control pilot, communication with the station, and the contract that it charges by."""
