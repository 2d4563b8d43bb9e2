"""Every stored answer derived again, in NumPy float64 without PyTorch."""
