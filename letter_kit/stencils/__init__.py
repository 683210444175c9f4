"""PDF letters, laid out once for each shape and filled in for everybody else."""

from letter_kit.stencils.press import Press, Printed
from letter_kit.stencils.stencil import Zone

__all__ = ["Press", "Printed", "Zone"]
