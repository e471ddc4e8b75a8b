"""What of a finished page must wait until its visitor allows it?"""

from consent.enforce.gates.rewriting import gate, reaches_out

__all__ = ["gate", "reaches_out"]
