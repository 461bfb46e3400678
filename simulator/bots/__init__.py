"""The bots of the simulator, one module each; `casting` knows them all."""
