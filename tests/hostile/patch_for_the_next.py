# tries: to patch torch so that the next submission computes something else
# twice: yes
import torch

if hasattr(torch, "patched_earlier"):
    raise RuntimeError("LOOT: " + "an earlier patch")
torch.patched_earlier = True
torch.nn.functional.linear = lambda *args: torch.zeros(8, 1)
