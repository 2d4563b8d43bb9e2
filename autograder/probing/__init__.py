"""What the probes of every part share. Runs in the worker, with no answer in reach.

A probe asks a network with `networks.ask_network` and a loss with `losses.ask_loss`. `values` turns
what came back into arrays, or raises `Slip` where a function returned something else; `formula`
gives weights and inputs that every machine computes alike; `uses` puts the weights into a network
in the order in which it computes with them, and `roles` where that order does not say which weight is
which. Nothing in here imports anything of ours from outside this folder.
"""
