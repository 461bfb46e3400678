/**
 * Django's JavaScriptCatalog brings gettext, ngettext and interpolate. Where its script did not load, the English
 * of the source is shown rather than nothing. Imported first by page.js.
 */

globalThis.gettext ??= (text) => text;
globalThis.ngettext ??= (singular, plural, count) => (count === 1 ? singular : plural);
globalThis.interpolate ??= (format, values) =>
  format.replace(/%\((\w+)\)s/g, (_, name) => String(/** @type {Record<string, unknown>} */ (values)[name] ?? ""));
