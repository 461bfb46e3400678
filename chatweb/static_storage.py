"""Hashed names for everything static, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# How a module names what it does not import: a worker, a style sheet.
URLS_IN_MODULES = (
    "*.js",
    (
        (
            r"""(?P<matched>new URL\("(?P<url>\.[^"]+)", import\.meta\.url\))""",
            """new URL("%(url)s", import.meta.url)""",
        ),
    ),
)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Rewrites relative imports too; only those that end with a semicolon are seen (design, section 3)."""

    support_js_module_import_aggregation = True
    patterns = (*CompressedManifestStaticFilesStorage.patterns, URLS_IN_MODULES)
    # One pass a link of the longest chain of imports; Django's five are for style sheets.
    max_post_process_passes = 30
