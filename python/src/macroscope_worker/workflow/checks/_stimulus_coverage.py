"""Whether the stimulus covers what the screen shows, and breaks no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from macroscope.configuration.v1.settings_pb import EvaluatedConfiguration

from macroscope_worker.rpc.validation import violations_of

from ._check import Finding, failed, passed

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


class StimulusCoverage:
    """Asks the schema's rules about the configuration and what follows from it."""

    id: ClassVar[str] = "stimulus_coverage"
    label: ClassVar[str] = "Stimulus coverage"
    looks_at: ClassVar[str] = (
        "the configuration with its derived values against every rule of the schema: sweep limits in the field of "
        "view, bar and checks larger than a pixel, run not too long"
    )

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        state = instruments.store.state
        derived = state.derived
        evaluated = EvaluatedConfiguration(configuration=state.configuration, derived=derived)
        violations = violations_of(evaluated)
        if violations or derived is None:
            said = "; ".join(f"{violation.field or violation.rule}: {violation.message}" for violation in violations)
            return failed(
                f"The configuration breaks a rule: {said or 'nothing follows from it'}.", "Mend these settings."
            )
        return passed(
            f"The screen covers {derived.azimuth_min_deg:.0f} to {derived.azimuth_max_deg:.0f}° of azimuth and "
            f"{derived.altitude_min_deg:.0f} to {derived.altitude_max_deg:.0f}° of altitude; sweeps travel "
            f"{derived.horizontal_sweep_deg:.0f}° and {derived.vertical_sweep_deg:.0f}°."
        )
