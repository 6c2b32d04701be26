"""What a command that runs worlds loads first."""


def load_model() -> None:
    """Load the model, and with it Mesa, before other libraries.

    Mesa looks at every frame and every loaded module as it is imported: 0.1 s now, 0.35 s once xarray and pandas are
    there and the import is nested in others.
    """
    import sim.model.world  # noqa: F401
