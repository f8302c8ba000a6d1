"""Central electronic module: ignition, and what hangs on the body: keys, locks, alarm, immobiliser."""
