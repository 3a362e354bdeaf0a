"""What the shop sells: typed, validated, and fed to the engine as terms."""
