"""Where the processes of one tree count together. Apart from ``metrics``: its library reads it at import."""

SHARED_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
