"""A process on loopback that speaks the outside protocols and misbehaves on script: what adapters and official SDKs are tested against."""
