"""Hashed names for everything static, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Rewrites relative imports too; only those that end with a semicolon are seen (design, section 3)."""

    support_js_module_import_aggregation = True
