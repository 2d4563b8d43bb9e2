"""Drop arrays that a submission cannot have computed, although its worker sent them."""

from __future__ import annotations

from dataclasses import replace

from autograder.handins.submission import Submission
from autograder.handins.unchanged import still_stubs
from autograder.outputs import Outputs, ProbeStatus
from autograder.parts import Part


def without_claims(outputs: Outputs, submission: Submission, part: Part) -> Outputs:
    """Return the outputs without those of functions that are still the released stub.

    A stub raises NotImplementedError, so other code in the worker made up its arrays.
    """
    probes = part.probes_of(*still_stubs(submission, part))
    forged = {
        p for p in probes if p in outputs.statuses and outputs.statuses[p].status in ("ok", "slip")
    }
    if not forged:
        return outputs
    return replace(
        outputs,
        arrays={k: v for k, v in outputs.arrays.items() if k.partition("/")[0] not in forged},
        statuses={
            name: ProbeStatus("todo") if name in forged else status
            for name, status in outputs.statuses.items()
        },
        notes=(*outputs.notes, f"results for stubs are not counted: {', '.join(sorted(forged))}"),
    )
