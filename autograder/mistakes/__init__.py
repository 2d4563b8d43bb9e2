"""Add a check, step 3: how students get it wrong, in what words they read it. One file a part."""
