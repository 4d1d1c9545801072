"""Reads about courses; what pages get to see is described in :mod:`.shapes`."""
