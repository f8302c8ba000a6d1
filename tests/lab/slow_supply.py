"""A supply that is slow once, and on time ever after."""

from emulation.lab.supply_e36312a import SupplyE36312A
from harness.units import S


class SlowSupply(SupplyE36312A):
    """Thinks for `thinks` ns about its first measurement, as an instrument does that was just switched on."""

    thinks = 3 * S
    slow = True

    def measure_volts(self, channels):
        if self.slow:
            self.slow = False
            return self._think()
        return super().measure_volts(channels)

    def _think(self):
        yield self.thinks
        return "99.0"
