"""Pure machinery of trust: commitments, the Merkle tree, its tiles and signed checkpoints. Knows no Django."""
