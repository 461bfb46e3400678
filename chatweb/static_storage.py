"""Hashed names for everything static, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Rewrites relative imports too; only those that end with a semicolon are seen (design, section 3)."""

    support_js_module_import_aggregation = True
    # One pass a link of the longest chain of imports; Django's five are for style sheets.
    max_post_process_passes = 30
